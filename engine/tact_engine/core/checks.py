"""The checks that a submission and an edit share; each raises the refusal that says what to do."""

from tact_engine.core.conditions import Condition, attributes_of, check, check_in_time, not_offered
from tact_engine.core.envelope import BODY_BYTES_MAX, VALIDITY_SECONDS_MAX, VALIDITY_SECONDS_MIN
from tact_engine.core.errors import refusal
from tact_engine.core.presence import ONLINE_STATUS
from tact_engine.core.privacy import may_use
from tact_engine.core.view import View


def check_body(body: bytes, *, alert: bool) -> None:
    """Refused unless `body` is what a message carries, or what an alert does: nothing."""
    if alert:
        if body:
            raise refusal("alert_without_text")
        return
    if not body:
        raise refusal("body_empty")
    if len(body) > BODY_BYTES_MAX:
        raise refusal("body_too_large", size=len(body), most=BODY_BYTES_MAX)


def check_validity(seconds: int) -> None:
    """Refused unless a message can wait so long."""
    if not VALIDITY_SECONDS_MIN <= seconds <= VALIDITY_SECONDS_MAX:
        raise refusal("validity_out_of_range", seconds=seconds)


def check_condition(condition: Condition, now_ms: int, expires_at: int) -> None:
    """Refused, with the part named, unless `condition` is understood whole and can come true before `expires_at`."""
    check(condition)
    check_in_time(condition, now_ms, expires_at)


def check_offered(condition: Condition, alert: bool, to: tuple[str, ...], sender: str, view: View) -> None:
    """Refused where a recipient does not offer to the sender what the condition needs.

    The sentence is the same whether they may not see it, or see it and may not use it.
    """
    if not (alert or condition.any or condition.window):
        return
    names = attributes_of(condition) | {ONLINE_STATUS}
    for handle in to:
        privacy = view.privacy(handle)
        offered = {name for name in names if may_use(privacy, name, sender)}
        name = not_offered(condition, offered)
        if alert and not name and ONLINE_STATUS not in offered:
            name = ONLINE_STATUS
        if name:
            raise refusal("not_offered", name=name, handle=handle)
