"""Django's settings for files in an S3-compatible storage, whoever runs it."""

from __future__ import annotations

from typing import Any


def object_storage(
    *, bucket: str, endpoint: str, region: str, access_key: str, secret_key: str
) -> dict[str, Any]:
    """The entry for STORAGES. Files are private and never overwritten.

    Without an `endpoint` it is that of AWS. Checksums are only sent where the protocol asks for them, as many storages
    know no others.
    """
    # Takes a third of a second that installations with a volume need not wait for.
    from botocore.config import Config  # noqa: PLC0415

    config = Config(
        signature_version="s3v4",
        s3={"addressing_style": "path"},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        connect_timeout=5,
        read_timeout=30,
    )
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": bucket,
            "endpoint_url": endpoint or None,
            "region_name": region or None,
            "access_key": access_key,
            "secret_key": secret_key,
            "default_acl": None,
            "file_overwrite": False,
            "client_config": config,
        },
    }
