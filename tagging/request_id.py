"""The id of the request being answered, as it stands in the log, in the answer's headers and on error pages."""

import contextvars
import logging

current: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="-")


def request_id() -> str:
    return current.get()


class RequestIdFilter(logging.Filter):
    """Gives each log record the id of the request it belongs to."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id()
        return True
