"""A key, and a certificate of it, that only one server and the processes that it has started know.

Whoever reaches a scheduler can run code on it, and on loopback that is everybody who has an account on the machine. So all of them
speak TLS, and each lets nobody in who cannot show that it holds the key.
"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

NAME = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "digit-lab")])
DAYS = timedelta(days=3650)  # longer than any server runs; the files go with it


class Certificate(NamedTuple):
    """Where the two files are, which every one of the processes reads."""

    certificate: Path
    key: Path

    def arguments(self) -> tuple[str, ...]:
        """What one of Dask's commands is told: to show this certificate, and to believe no other."""
        at = str(self.certificate)
        return "--tls-ca-file", at, "--tls-cert", at, "--tls-key", str(self.key)

    def of_client(self) -> dict[str, str]:
        """The same, as Dask's Security takes it."""
        at = str(self.certificate)
        return {"tls_ca_file": at, "tls_client_cert": at, "tls_client_key": str(self.key)}


def make(folder: Path) -> Certificate:
    """Make both in a folder, of which the key can be read by the user alone whose process this is."""
    key = ec.generate_private_key(ec.SECP256R1())  # 2 ms; RSA takes a hundred
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(NAME, NAME, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))  # clocks are set
        .not_valid_after(now + DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    made = Certificate(folder / "certificate.pem", folder / "key.pem")
    made.certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    with open(os.open(made.key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)
    return made
