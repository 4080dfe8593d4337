"""Log lines as JSON objects, one a line, for programs that collect them; and what is left out of the log."""

import json
import logging
import re


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": self.formatTime(record),
            "level": record.levelname,
            "logger": record.name,
            "request": getattr(record, "request_id", "-"),
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


class WithoutTokens(logging.Filter):
    """Whoever reads the log must not be able to join or enter by an address that failed, and may still be good."""

    TOKEN = re.compile(r"((?:/|%2F)(?:join|enter)(?:/|%2F))[\w-]{20,}", re.IGNORECASE)

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        if self.TOKEN.search(said):
            record.msg, record.args = self.TOKEN.sub(r"\1…", said), None
        return True


class WithoutTraceback(logging.Filter):
    """A request for a host that is not ours says nothing about our code: one line is enough."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.exc_info = None
        return True
