-- What a patrol must know of a person: how he looks, what he drives, what to beware of.
ALTER TABLE supervisee
    ADD COLUMN description text,
    ADD COLUMN vehicle text,
    ADD COLUMN safety_notes text;

-- At which number the police reach an officer on duty; not where the system writes to him.
ALTER TABLE officer
    ADD COLUMN duty_phone text;
