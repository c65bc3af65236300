"""Jobs of the service, one file per verb: each awaits, decides with pure values, commits once and logs."""
