"""An invented ministry of any size, made from a seed and the day of loading.

`loading` puts it together: `organisation_history` and `seats` say where people can sit, `careers` who sat there when,
`people`, `staff_rows` and `sign_ins` put that down as accounts, postings, supervisors and roles, `casting` gives some
a part of their own; `catalogue` describes posts; `profiles`, `forms` and `wording` write what somebody answers,
`participation`, `answering`, `mentoring` and `survey_rows` say when, for whom, and put it down. `deadlines`, `reminding`
and `export_orders` hold what HR did with the rounds, `reads` who read what. `timeline` holds the calendar, `bulk` writes
rows by COPY.
"""
