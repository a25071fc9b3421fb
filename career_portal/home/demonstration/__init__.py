"""An invented ministry of any size, made from a seed and the day of loading.

`loading` puts it together: `organisation_history` and `seats` say where people can sit, `careers` who sat there when,
`people`, `staff_rows` and `sign_ins` put that down as accounts, postings, supervisors and roles; `catalogue` describes
posts; `profiles`, `forms` and `wording` write what somebody answers, `participation`, `answering` and `survey_rows` say
when and put it down. `timeline` holds every date, `bulk` writes rows by COPY.
"""
