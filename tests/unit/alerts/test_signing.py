import base64
import hashlib
import hmac

from alerts.signing import new_secret, signed_headers

# The example of the standard's own libraries.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 -- a published example
KEY, AT_S, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_post_is_signed_as_the_standard_has_it() -> None:
    assert signed_headers(KEY, AT_S, BODY, [SECRET]) == {
        "webhook-id": KEY,
        "webhook-timestamp": str(AT_S),
        "webhook-signature": SIGNATURE,
    }


def test_while_a_secret_is_exchanged_either_tells_that_it_is_ours() -> None:
    fresh = new_secret()
    first, second = signed_headers(KEY, AT_S, BODY, [SECRET, fresh])["webhook-signature"].split()
    assert first == SIGNATURE
    raw = base64.b64decode(fresh.removeprefix("whsec_"))
    assert len(raw) == 32
    own = hmac.new(raw, f"{KEY}.{AT_S}.".encode() + BODY, hashlib.sha256).digest()
    assert second == f"v1,{base64.b64encode(own).decode()}"


def test_no_secret_is_made_twice() -> None:
    assert len({new_secret() for _ in range(100)}) == 100
