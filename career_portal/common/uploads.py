"""How large an upload may become before it is thrown away, on whatever page."""

from __future__ import annotations

from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

from career_portal.common.tables import MOST_BYTES

TOO_LARGE = "PORTAL_UPLOAD_TOO_LARGE"


class BoundedUploadHandler(FileUploadHandler):
    """Stands before those that keep uploads: what comes beyond the limit is read from the network and kept nowhere."""

    _received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass a chunk on, or end the upload without any file."""
        self._received += len(raw_data)
        # A little more is let through, so that the page of the form can say what its limit is.
        if self._received > MOST_BYTES + len(raw_data):
            if self.request is not None:
                self.request.META[TOO_LARGE] = "1"
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The file is another handler's."""


def was_too_large(request: HttpRequest) -> bool:
    """Whether an upload of this request was thrown away."""
    return TOO_LARGE in request.META
