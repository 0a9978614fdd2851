"""A function that says hello and nothing else."""


def handler(event, context):
    return {"statusCode": 200, "body": "hello"}
