"""Puts the commands together."""

import typer

from supervision.cli import (
    alerts,
    bench,
    broker,
    checkins,
    demo,
    doctor,
    evaluate,
    processes,
    run,
    schema,
    simulate,
    zones,
)

app = typer.Typer(
    name="supervision",
    help="Remote supervision: trackers' pings in over MQTT, alerts on an officer's screen.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.command("run")(run.run)
app.command("api")(processes.api)
app.command("ingest")(processes.ingest)
app.command("scheduler")(processes.scheduler)
app.command("deliver")(processes.deliver)
app.command("migrate")(schema.migrate)
app.command("secrets")(schema.secrets)
app.command("asyncapi")(schema.asyncapi)
app.command("seed")(demo.seed)
app.command("demo-fleet", hidden=True)(demo.fleet)
app.command("simulate")(simulate.simulate)
app.command("replay")(simulate.replay)
app.command("bench")(bench.bench)
app.command("bench-ingest", hidden=True)(bench.bench_ingest)
app.command("geofence-eval")(evaluate.geofence_eval)
app.command("doctor")(doctor.doctor)
app.add_typer(alerts.app, name="alerts")
app.add_typer(broker.app, name="broker")
app.add_typer(checkins.app, name="checkins")
app.add_typer(zones.app, name="zones")
