{
    "name": "Uploads by queue_job, for the benchmark",
    "version": "19.0.1.0.0",
    "license": "LGPL-3",
    "author": "copro_registry contributors",
    "depends": ["queue_job"],
    "data": ["data/queue_job_function.xml"],
    "installable": True,
}
