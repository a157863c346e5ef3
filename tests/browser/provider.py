"""A provider of accounts for tests, by OpenID Connect: whoever comes is let in at once, as the person that `person` holds."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlparse

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "digit-lab", "a secret of the client's"


class Provider:
    """An HTTP server with the four pages that a provider must have."""

    def __init__(self) -> None:
        self.person: dict[str, Any] = {}  # the claims of whoever signs in next
        self._key = RSAKey.generate_key(2048, {"kid": "1", "use": "sig", "alg": "RS256"})
        self._given: dict[
            str, tuple[str, dict[str, Any]]
        ] = {}  # by code: the nonce that was asked with, and who it was
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path, query = urlparse(self.path).path, parse_qs(urlparse(self.path).query)
                if path == "/authorize":
                    self.send_response(302)
                    self.send_header("Location", provider.let_in(query))
                    self.end_headers()
                else:
                    self._say(provider.described() if path.startswith("/.well-known") else provider.keys())

            def do_POST(self) -> None:
                body = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                self._say(provider.tokens(body["code"][0]))

            def _say(self, words: dict[str, Any]) -> None:
                data = json.dumps(words).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def described(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def keys(self) -> dict[str, Any]:
        return {"keys": [self._key.as_dict(private=False)]}

    def let_in(self, query: dict[str, list[str]]) -> str:
        """Where the browser is sent back to, with a code."""
        code = f"code {len(self._given)}"
        self._given[code] = query["nonce"][0], self.person
        return f"{query['redirect_uri'][0]}?{urlencode({'code': code, 'state': query['state'][0]})}"

    def tokens(self, code: str) -> dict[str, Any]:
        nonce, person = self._given.pop(code)
        now = int(time.time())
        claims = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 600, "nonce": nonce, **person}
        signed = jwt.encode({"alg": "RS256", "kid": "1"}, claims, self._key)
        return {"access_token": "none is asked for", "token_type": "Bearer", "expires_in": 600, "id_token": signed}
