"""The composition root: from settings to the parts of a process, built here and only here."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Engine

from alerts import models as alert_models
from alerts.channels import (
    Channel,
    EmailChannel,
    GatewayAccount,
    LogChannel,
    SmsChannel,
    VoiceChannel,
    WebhookChannel,
)
from alerts.delivery import Delivery
from alerts.rules import Means
from geofence import models as geofence_models
from ingest import models as ingest_models
from ingest.mqtt import BrokerAddress, MqttFeed
from ingest.officer_apps import AppChannel
from ingest.payload import Limits
from ingest.worker import BatchSize, Handler, Worker
from supervision.checkins import models as checkin_models
from supervision.core.clock import Clock, system_clock
from supervision.core.db import make_engine
from supervision.core.links import CheckinLinks, ReceiptLinks
from supervision.core.settings import Settings
from supervision.monitor import Monitor
from supervision.register import models as register_models

# A flush needs every room's tables loaded, whoever is the first to write.
MODELS = (alert_models, checkin_models, geofence_models, ingest_models, register_models)

_US_PER_DAY = 86_400_000_000
ENGINE_POOL = 4


@dataclass(frozen=True, slots=True)
class Runtime:
    """What every process of the engine's side shares."""

    settings: Settings
    clock: Clock
    engine: Engine
    monitor: Monitor


def build(settings: Settings, clock: Clock = system_clock) -> Runtime:
    """The engine's side: ingest, scheduler, delivery. Connects to nothing yet."""
    engine = make_engine(settings.engine_database_url.get_secret_value(), ENGINE_POOL)
    return Runtime(settings, clock, engine, build_monitor(settings, engine, clock))


def build_monitor(settings: Settings, engine: Engine, clock: Clock) -> Monitor:
    """The corridor over one engine."""
    return Monitor(
        engine,
        clock,
        timedelta(seconds=settings.late_after_s),
        timedelta(minutes=settings.coverage_grace_minutes),
        installed_means(settings),
    )


def installed_means(settings: Settings) -> frozenset[Means]:
    """How messages to people can go out here; the log stands in where there is no mail server."""
    return frozenset(
        {
            Means.LOG if settings.smtp_host is None else Means.EMAIL,
            *({Means.SMS} if settings.sms_gateway_url else ()),
        }
    )


def build_limits(settings: Settings) -> Limits:
    """What ingest accepts at all."""
    return Limits(
        max_payload_bytes=settings.max_payload_bytes,
        max_fix_age_us=settings.max_fix_age_days * _US_PER_DAY,
        max_fix_ahead_us=int(settings.max_fix_ahead_s * 1e6),
    )


def build_feed(settings: Settings, clock: Clock) -> MqttFeed:
    """The line to the broker, not yet open."""
    return MqttFeed(broker_address(settings), clock)


def broker_address(settings: Settings) -> BrokerAddress:
    """Where the broker is, and who ingest is to it."""
    secret = settings.broker_password
    return BrokerAddress(
        host=settings.broker_host,
        port=settings.broker_port,
        username=settings.broker_username,
        password=None if secret is None else secret.get_secret_value(),
        client_id=settings.broker_client_id,
        protocol=settings.broker_protocol,
        window=settings.broker_window,
        most_bytes=settings.max_payload_bytes + 1,
    )


def build_worker(settings: Settings, feed: MqttFeed, handle: Handler) -> Worker:
    """An ingest loop over an open line."""
    size = BatchSize(settings.batch_max_messages, settings.batch_wait_ms / 1000)
    return Worker(feed, handle, build_limits(settings), size)


def build_delivery(runtime: Runtime) -> Delivery:
    """The outbox's end: by e-mail where a mail server is set, else to the log; and to phones."""
    settings = runtime.settings
    signed = (settings.public_url, settings.link_key.get_secret_value())
    return Delivery(
        runtime.engine,
        build_channels(settings, runtime.clock),
        runtime.clock,
        CheckinLinks(*signed),
        ReceiptLinks(*signed) if settings.is_gateway_asked_for_receipts else None,
    )


def build_channels(settings: Settings, clock: Clock) -> dict[Means, Channel]:
    """How messages go out, by the means that they were queued for."""
    private = settings.is_private_webhook_allowed
    channels: dict[Means, Channel] = {
        Means.EMAIL: LogChannel(),
        Means.LOG: LogChannel(),
        Means.APP: AppChannel(broker_address(settings)),
        Means.WEBHOOK: WebhookChannel(settings.public_url, clock, is_private_allowed=private),
    }
    if settings.smtp_host is not None:
        channels[Means.EMAIL] = EmailChannel(
            settings.smtp_host, settings.smtp_port, settings.smtp_sender
        )
    name, secret = settings.gateway_account, settings.gateway_secret
    if name is None or secret is None:
        return channels
    account = GatewayAccount(name, secret.get_secret_value(), settings.gateway_sender or "")
    if settings.sms_gateway_url is not None:
        channels[Means.SMS] = SmsChannel(settings.sms_gateway_url, account)
    if settings.voice_gateway_url is not None:
        channels[Means.VOICE] = VoiceChannel(settings.voice_gateway_url, account)
    return channels
