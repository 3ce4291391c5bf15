"""A row for every table that the factories do not fill, by plain statements."""

# What the factories do not make.
ROWS_BESIDE = (
    "INSERT INTO web_session VALUES (:hash, :agency, :officer, 'csrf', :now, :now)",
    "INSERT INTO device_session VALUES (:device, :agency, 'session', '{[1,2)}', :now)",
    """
    INSERT INTO device_event
        (agency_id, supervisee_id, device_id, kind, occurred_at, received_at, detail)
    VALUES (:agency, :person, :device, 'motion', :now, :now, '{}')
    """,
    """
    INSERT INTO protected_event
        (agency_id, protected_person_id, device_id, kind, occurred_at, received_at)
    SELECT :agency, protected_person_id, :device, 'button', :now, :now FROM court_order
    WHERE agency_id = :agency
    """,
    """
    INSERT INTO zone_stay
        (agency_id, supervisee_id, zone_id, zone_version_id, ring, grade, evidence_kind,
         entered_at, last_seen_at, deepest_m, deepest_accuracy_m, entry_position_id,
         deepest_position_id, decided_at, decided_share, decided_distance_m, decided_accuracy_m,
         decided_position_id, fix_count, is_late, found_at)
    VALUES (:agency, :person, :zone, :version, 'zone', 'possible', 'fix', :now, :now,
        1, 5, :position, :position, :now, 0.5, -1, 5, :position, 1, false, :now)
    """,
    """
    INSERT INTO zone_silence
        (agency_id, supervisee_id, zone_id, zone_version_id, zones_in_reach, from_at, until_at,
         spare_m, found_at)
    VALUES (:agency, :person, :zone, :version, 1, :now - interval '1 hour', :now, 100, :now)
    """,
    """
    INSERT INTO device_command
        (agency_id, device_id, supervisee_id, kind, reason, idempotency_key, created_at, due_at,
         expires_at)
    VALUES (:agency, :device, :person, 'locate', 'reason', concat('of ', :agency), :now, :now,
        :now + interval '1 hour')
    """,
    """
    INSERT INTO supervisee_photo (supervisee_id, agency_id, jpeg, put_by_id, put_at)
    VALUES (:person, :agency, 'x', :officer, :now)
    """,
    "INSERT INTO zone_boundary VALUES (:agency, :person, :zone, :now)",
    """
    INSERT INTO clause_waiver (agency_id, order_clause_id, reason, signed_by_id, signed_at)
    SELECT :agency, id, 'reason', :officer, :now FROM order_clause WHERE agency_id = :agency
    """,
    """
    INSERT INTO checkin_plan (agency_id, supervisee_id, made_by_id, made_at)
    VALUES (:agency, :person, :officer, :now)
    """,
    """
    INSERT INTO checkin_plan_version
        (agency_id, checkin_plan_id, version, is_current, method, rrule, starts_on, at_local,
         time_zone, window_s, grace_s, written_by_id, written_at)
    SELECT :agency, id, 1, true, 'phone', 'FREQ=DAILY', '2026-09-01', '18:00', 'UTC', 3600, 0,
        :officer, :now FROM checkin_plan WHERE agency_id = :agency
    """,
    """
    INSERT INTO checkin
        (agency_id, supervisee_id, checkin_plan_id, checkin_plan_version_id, method, slot, room,
         local_date, opens_at, closes_at, missed_at, state, made_at)
    SELECT :agency, :person, checkin_plan_id, id, 'phone', '1', 'room', '2026-09-01', :now,
        :now + interval '1 hour', :now + interval '1 hour', 'scheduled', :now
    FROM checkin_plan_version WHERE agency_id = :agency
    """,
    """
    INSERT INTO checkin_event (agency_id, checkin_id, kind, at)
    SELECT :agency, id, 'opened', :now FROM checkin WHERE agency_id = :agency
    """,
    """
    INSERT INTO public_holiday (agency_id, on_date, name, added_by_id, added_at)
    VALUES (:agency, '2026-07-04', 'Independence Day', :officer, :now)
    """,
    """
    INSERT INTO checkin_pause (agency_id, supervisee_id, begins_at, reason, made_by_id, made_at)
    VALUES (:agency, :person, :now, 'hospital', :officer, :now)
    """,
    """
    INSERT INTO checkin_submission
        (agency_id, checkin_id, submitted_at, language, answers, wants_call, concerns)
    SELECT :agency, id, :now, 'en', '{}', false, '{}' FROM checkin WHERE agency_id = :agency
    """,
    """
    INSERT INTO checkin_sighting
        (agency_id, checkin_id, officer_id, seen_at, told_at, lon, lat, place)
    SELECT :agency, id, :officer, :now, :now, 10, 50, 'at the gate' FROM checkin
    WHERE agency_id = :agency
    """,
    """
    INSERT INTO checkin_reminder (agency_id, checkin_id, kind, due_at)
    SELECT :agency, id, 'open', :now FROM checkin WHERE agency_id = :agency
    """,
    """
    INSERT INTO response_protocol (agency_id, kind, version, steps, written_by_id, written_at)
    VALUES (:agency, 'zone_entry', 1, '[]', :officer, :now)
    """,
    """
    INSERT INTO alert_step (agency_id, alert_id, step, wording, outcome, note, at, officer_id)
    SELECT :agency, id, 'call', 'Call', 'done', '', :now, :officer FROM alert
    WHERE agency_id = :agency
    """,
    """
    INSERT INTO alert_contact
        (agency_id, alert_id, whom, means, was_reached, note, at, told_at, officer_id)
    SELECT :agency, id, 'police', 'phone', true, '', :now, :now, :officer FROM alert
    WHERE agency_id = :agency
    """,
    """
    INSERT INTO contact_point
        (agency_id, officer_id, name, means, address, severities, made_by_id, made_at)
    VALUES (:agency, :officer, 'Phone', 'sms', '+13035550142', '{high}', :officer, :now)
    """,
    """
    INSERT INTO notification
        (agency_id, alert_id, officer_id, channel, idempotency_key, due_at, created_at)
    SELECT :agency, id, :officer, 'email', concat('of ', id), :now, :now FROM alert
    WHERE agency_id = :agency
    """,
    """
    INSERT INTO delivery_receipt (agency_id, notification_id, status, at)
    SELECT :agency, id, 'delivered', :now FROM notification WHERE agency_id = :agency
    """,
    """
    INSERT INTO notification_attempt (agency_id, notification_id, number, began_at)
    SELECT :agency, id, 1, :now FROM notification WHERE agency_id = :agency
    """,
    """
    INSERT INTO escalation_ladder
        (agency_id, kind, version, rungs, again_s, untouched_s, written_by_id, written_at)
    VALUES (:agency, 'zone_entry', 1, '[]', 1, 1, :officer, :now)
    """,
    """
    INSERT INTO rota (agency_id, name, made_by_id, made_at)
    VALUES (:agency, 'Nights', :officer, :now)
    """,
    """
    INSERT INTO rota_version (agency_id, rota_id, version, officer_ids, starts_on, handover,
        shift_days, time_zone, written_by_id, written_at)
    SELECT :agency, id, 1, ARRAY[:officer], '2026-09-21', '08:00', 7, 'UTC', :officer, :now
    FROM rota WHERE agency_id = :agency
    """,
    """
    INSERT INTO rota_override
        (agency_id, rota_id, officer_id, begins_at, ends_at, made_by_id, made_at)
    SELECT :agency, id, :officer, :now, :now + interval '1 hour', :officer, :now FROM rota
    WHERE agency_id = :agency
    """,
    """
    INSERT INTO calendar_feed (agency_id, token_hash, officer_id, made_by_id, made_at)
    VALUES (:agency, sha256(convert_to(concat(:agency), 'UTF8')), :officer, :officer, :now)
    """,
    """
    INSERT INTO dispatch_link
        (agency_id, alert_id, token_hash, shows_safe_contact, made_by_id, made_at, expires_at)
    SELECT :agency, id, sha256(convert_to(concat(:agency), 'UTF8')), false, :officer, :now,
        :now + interval '4 hours' FROM alert WHERE agency_id = :agency
    """,
    """
    INSERT INTO dispatch_opening (agency_id, dispatch_link_id, form, at)
    SELECT :agency, id, 'page', :now FROM dispatch_link WHERE agency_id = :agency
    """,
    """
    INSERT INTO alert_shelf
        (agency_id, supervisee_id, kind, reason, shelved_by_id, begins_at, ends_at,
         stretch_began_at)
    VALUES (:agency, :person, 'battery_low', 'reason', :officer, :now, :now + interval '1 hour',
        :now)
    """,
)
