"""The words of who is told and by what: posts, means that fail, why in vain, what drills show."""

from alerts.drilling import Outcome
from alerts.escalation import Post
from alerts.rules import Means
from alerts.untold import Untold

# Who stands there without being named, within a sentence.
POST_NAMES = {
    Post.RESPONSIBLE: "the officer responsible",
    Post.BACKUP: "the backup",
    Post.SUPERVISORS: "the supervisors",
}
# What fails, at the beginning of a sentence.
FAILING_MEANS = {
    Means.SMS: "Text messages have",
    Means.EMAIL: "E-mail has",
    Means.VOICE: "Telephone calls have",
    Means.WEBHOOK: "Webhooks have",
    Means.APP: "Apps have",
    Means.LOG: "The log has",
}
UNTOLD = {
    Untold.NO_SIGN_IN: "may not sign in any more, and nobody is told instead",
    Untold.SEES_NO_ALERTS: "may not see alerts",
    Untold.NO_WAY: "can be reached by no way that is set up here",
    Untold.NOT_REACHED: "was reached by none of the last messages",
}
RUNGS = {
    Post.RESPONSIBLE: "Officer responsible",
    Post.BACKUP: "Backup",
    Post.SUPERVISORS: "Supervisors",
    Post.OFFICER: "Another officer",
    Post.ROTA: "Whoever is on call",
    Post.OUTSIDE: "Outside the agency",
}
DRILL_OUTCOMES = {
    Outcome.AHEAD: "still to come",
    Outcome.NOBODY: "nobody stands here",
    Outcome.NOT_TOLD: "not told before the end",
    Outcome.UNDER_WAY: "under way",
    Outcome.REACHED: "reached",
    Outcome.UNREACHED: "not reached",
}
