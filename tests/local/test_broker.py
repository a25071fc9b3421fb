import signal

import pytest
import redis

from career_portal.local.broker import Broker
from tests.waiting import wait_for


@pytest.fixture
def broker(data, monkeypatch):
    monkeypatch.delenv("REDIS_URL", raising=False)
    broker = Broker(data)
    yield broker
    broker.stop()


def test_broker_keeps_what_was_written_when_it_is_killed(broker):
    broker.start()
    with redis.Redis.from_url(broker.url) as client:
        client.set("kept", "値")
        client.execute_command("WAITAOF", 1, 0, 2000)
    broker.child.process.send_signal(signal.SIGKILL)
    wait_for(lambda: not broker.child.is_running)

    broker.start()

    with redis.Redis.from_url(broker.url) as client:
        assert client.get("kept").decode() == "値"


def test_broker_asks_for_its_password_and_shows_it_to_nobody(broker):
    broker.start()

    with (
        redis.Redis(port=broker.port, retry=None) as stranger,
        pytest.raises(redis.AuthenticationError),
    ):
        stranger.ping()
    assert broker.data.secret("broker-password") not in " ".join(broker.child.command)


def test_given_address_replaces_the_broker(broker, monkeypatch):
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere:6379/0")

    broker.start()

    assert broker.child is None
    assert broker.url == "redis://elsewhere:6379/0"
