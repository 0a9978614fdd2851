"""Deploys the template to the AWS emulator at AWS_ENDPOINT_URL and runs a command.

usage: deploy.py DIRECTORY COMMAND...

DIRECTORY contains infra/template.yaml, the binaries to which the template refers, and the key and the certificate of
the token issuer. The command gets these variables:

AFTERCHAT_API           the URL of the API
AFTERCHAT_ISSUER        the URL of the token issuer
AFTERCHAT_ISSUER_KEY    the file with its private key
AFTERCHAT_TOKEN         a token with all scopes, for infra/smoke-test
AFTERCHAT_NARROW_TOKEN  a token with one scope, for infra/smoke-test
"""

import base64
import http.server
import json
import os
import pathlib
import ssl
import subprocess
import sys
import threading
import time

import botocore.session
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

STACK = "afterchat"
AUDIENCE = "https://api.example.com"
KEY_ID = "deploy"


def main():
    directory = pathlib.Path(sys.argv[1])
    issuer = serve_issuer(directory)
    parameters = {"Architecture": "x86_64", "JwtIssuer": issuer, "JwtAudience": AUDIENCE}
    deploy(directory, parameters)
    session = botocore.session.get_session()
    resources = physical_ids(session)
    api = import_routes(directory, parameters, session, resources)
    allow_mails(session, resources)
    environment = {
        "AFTERCHAT_API": f"{os.environ['AWS_ENDPOINT_URL']}/_aws/execute-api/{api}/$default",
        "AFTERCHAT_ISSUER": issuer,
        "AFTERCHAT_ISSUER_KEY": str(directory / "issuer.der"),
        "AFTERCHAT_TOKEN": token(directory, issuer, scopes(directory)),
        "AFTERCHAT_NARROW_TOKEN": token(directory, issuer, ["conversations:read"]),
    }
    sys.exit(subprocess.run(sys.argv[2:], env=os.environ | environment).returncode)


def serve_issuer(directory):
    """Serves the discovery document and the public key of an issuer. Returns its URL."""
    key = load_pem_private_key((directory / "issuer.pem").read_bytes(), None)
    numbers = key.public_key().public_numbers()
    documents = {}

    class Issuer(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            found = documents.get(self.path)
            self.send_response(200 if found else 404)
            self.end_headers()
            self.wfile.write(json.dumps(found).encode())

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Issuer)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(directory / "issuer.crt", directory / "issuer.pem")
    server.socket = tls.wrap_socket(server.socket, server_side=True)
    url = f"https://127.0.0.1:{server.server_port}"
    documents["/.well-known/openid-configuration"] = {"issuer": url, "jwks_uri": f"{url}/keys"}
    documents["/keys"] = {
        "keys": [
            {
                "kty": "RSA",
                "alg": "RS256",
                "use": "sig",
                "kid": KEY_ID,
                "n": number_in_base64(numbers.n),
                "e": number_in_base64(numbers.e),
            }
        ]
    }
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return url


def number_in_base64(number):
    return in_base64(number.to_bytes((number.bit_length() + 7) // 8, "big"))


def in_base64(octets):
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def token(directory, issuer, scopes):
    """Returns a token for the chat platform's server that is valid for an hour."""
    header = {"alg": "RS256", "typ": "JWT", "kid": KEY_ID}
    claims = {
        "iss": issuer,
        "aud": AUDIENCE,
        "sub": "platform",
        "exp": int(time.time()) + 3600,
        "scope": " ".join(f"afterchat/{scope}" for scope in scopes),
    }
    signed = ".".join(in_base64(json.dumps(part).encode()) for part in (header, claims))
    key = load_pem_private_key((directory / "issuer.pem").read_bytes(), None)
    signature = key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{signed}.{in_base64(signature)}"


def deploy(directory, parameters):
    template = directory / "infra" / "deployed.json"
    template.write_text(json.dumps(without_metric_math(read_template(directory))))
    deployed = subprocess.run(
        ["sam", "deploy", "--template-file", template, "--stack-name", STACK]
        + ["--resolve-s3", "--capabilities", "CAPABILITY_IAM", "--no-confirm-changeset"]
        + ["--parameter-overrides", *(f"{name}={value}" for name, value in parameters.items())],
        env=os.environ | {"SAM_CLI_TELEMETRY": "0"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if deployed.returncode != 0:
        sys.exit(deployed.stdout)


def scopes(directory):
    """Every scope of the stack."""
    server = read_template(directory)["Resources"]["ResourceServer"]["Properties"]
    return [scope["ScopeName"] for scope in server["Scopes"]]


def read_template(directory):
    return yaml_parse((directory / "infra" / "template.yaml").read_text())


def without_metric_math(template):
    """Reduces each alarm to one metric, because ministack refuses alarms on several metrics."""
    for resource in template["Resources"].values():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::CloudWatch::Alarm" and "Metrics" in properties:
            metrics = properties.pop("Metrics")
            stat = next(metric["MetricStat"] for metric in metrics if "MetricStat" in metric)
            properties |= stat["Metric"] | {"Period": stat["Period"], "Statistic": stat["Stat"]}
    return template


def physical_ids(session):
    described = session.create_client("cloudformation").describe_stack_resources(StackName=STACK)
    return {
        resource["LogicalResourceId"]: resource["PhysicalResourceId"]
        for resource in described["StackResources"]
    }


def allow_mails(session, resources):
    """Allows `send-transcript` to send mail with any resource.

    SES requires permissions on the sender's identity and on the configuration set. ministack has no resource for a mail.
    """
    statement = {"Effect": "Allow", "Action": "ses:SendEmail", "Resource": "*"}
    session.create_client("iam").put_role_policy(
        RoleName=resources["SendTranscriptFunctionRole"],
        PolicyName="mails",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": statement}),
    )


def import_routes(directory, parameters, session, resources):
    """Creates the routes, the authorizer and the CORS configuration. Returns the API's id.

    API Gateway imports them from the body that SAM generates for the API. ministack does not.
    """
    gateway = session.create_client("apigatewayv2")
    template = read_template(directory)
    names = {name: of.get("Default") for name, of in template["Parameters"].items()}
    names |= parameters | {"AWS::Partition": "aws", "AWS::Region": "us-east-1"}
    functions = session.create_client("lambda")
    for logical, physical in resources.items():
        if template["Resources"].get(logical, {}).get("Type") == "AWS::Serverless::Function":
            configuration = functions.get_function_configuration(FunctionName=physical)
            names[f"{logical}.Arn"] = configuration["FunctionArn"]
            # The translator requires an S3 URI and refuses a folder.
            template["Resources"][logical]["Properties"]["CodeUri"] = "s3://any/thing"
    body = transform(template, {}, NoPolicies())["Resources"]["Api"]["Properties"]["Body"]
    conditions = {"HasAllowedOrigins": True, "HasOwnUserPool": False}

    def resolved(value):
        match value:
            case {"Ref": name}:
                return names[name]
            case {"Fn::If": [condition, then, otherwise]}:
                return resolved(then if conditions[condition] else otherwise)
            case {"Fn::Split": [separator, text]}:
                return resolved(text).split(separator)
            case {"Fn::Sub": text}:
                for name, known in names.items():
                    text = text.replace("${" + name + "}", str(known))
                return text
            case _:
                return value

    api = resources["Api"]
    cors = resolved(body["x-amazon-apigateway-cors"]).items()
    cors = {name[0].upper() + name[1:]: resolved(value) for name, value in cors}
    gateway.update_api(ApiId=api, CorsConfiguration=cors)
    (scheme,) = body["components"]["securitySchemes"].values()
    scheme = scheme["x-amazon-apigateway-authorizer"]
    configuration = scheme["jwtConfiguration"]
    authorizer = gateway.create_authorizer(
        ApiId=api,
        Name="Jwt",
        AuthorizerType="JWT",
        IdentitySource=[scheme["identitySource"]],
        JwtConfiguration={
            "Issuer": resolved(configuration["issuer"]),
            "Audience": resolved(configuration["audience"]),
        },
    )["AuthorizerId"]
    for path, methods in body["paths"].items():
        for method, operation in methods.items():
            wiring = operation["x-amazon-apigateway-integration"]
            integration = gateway.create_integration(
                ApiId=api,
                IntegrationType="AWS_PROXY",
                IntegrationMethod=wiring["httpMethod"],
                IntegrationUri=resolved(wiring["uri"]),
                PayloadFormatVersion=wiring["payloadFormatVersion"],
            )["IntegrationId"]
            ((name, scopes),) = operation["security"][0].items()
            security = {"AuthorizationType": "NONE"}
            if name != "NONE":
                security = {
                    "AuthorizationType": "JWT",
                    "AuthorizerId": authorizer,
                    "AuthorizationScopes": [resolved(scope) for scope in scopes],
                }
            gateway.create_route(
                ApiId=api,
                RouteKey=f"{method.upper()} {path}",
                Target=f"integrations/{integration}",
                **security,
            )
    return api


class NoPolicies:
    """Knows no managed policies by name, because the template uses none."""

    def load(self):
        return {}


main()
