"""Checks infra/template.yaml after SAM's expansion, as CloudFormation would deploy it.

    .tools/python/bin/python -m unittest discover tests/template

It needs aws-sam-translator and cfn-lint, in the versions that .ci/run installs, and no AWS account.
"""

import functools
import json
import logging
import os
import pathlib
import re
import subprocess
import sys
import unittest

# The translator asks botocore for a region.
os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")

from cfnlint.helpers import REGIONS
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER
from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
TEMPLATE = ROOT / "infra" / "template.yaml"
OPERATIONS = ROOT / "docs" / "operations.md"
TABLE = pathlib.Path(__file__).with_name("table.json")

# It warns that the duration of the translation is not published.
logging.getLogger("samtranslator.metrics.metrics").setLevel(logging.ERROR)

# The properties that name a resource in the whole account, or in all accounts, by type. Names of other types are
# unique in one region only.
GLOBAL_NAMES = {
    "AWS::Budgets::Budget": ["Budget.BudgetName"],
    "AWS::CloudFront::CachePolicy": ["CachePolicyConfig.Name"],
    "AWS::CloudFront::Function": ["Name"],
    "AWS::CloudFront::OriginAccessControl": ["OriginAccessControlConfig.Name"],
    "AWS::CloudFront::OriginRequestPolicy": ["OriginRequestPolicyConfig.Name"],
    "AWS::CloudFront::ResponseHeadersPolicy": ["ResponseHeadersPolicyConfig.Name"],
    "AWS::CloudWatch::Dashboard": ["DashboardName"],
    "AWS::IAM::Group": ["GroupName"],
    "AWS::IAM::InstanceProfile": ["InstanceProfileName"],
    "AWS::IAM::ManagedPolicy": ["ManagedPolicyName"],
    "AWS::IAM::Role": ["RoleName"],
    "AWS::IAM::ServerCertificate": ["ServerCertificateName"],
    "AWS::IAM::User": ["UserName"],
    "AWS::S3::Bucket": ["BucketName"],
}

PIPE_FAILURES = {
    "ExecutionFailed",
    "ExecutionPartiallyFailed",
    "ExecutionThrottled",
    "ExecutionTimeout",
}


class NoManagedPolicies:
    """The template names no managed policy, so the translator needs none."""

    def load(self):
        return {}


@functools.cache
def expanded():
    template = yaml_parse(TEMPLATE.read_text())
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            # The translator needs a URL as from `sam package`, not a folder.
            resource["Properties"]["CodeUri"] = "s3://bucket/key"
    return transform(template, {}, NoManagedPolicies())


def property_at(resource, path):
    value = resource.get("Properties", {})
    for name in path.split("."):
        value = value.get(name, {}) if isinstance(value, dict) else {}
    return value or None


def listed(value):
    return value if isinstance(value, list) else [value]


class Template(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.template = expanded()
        cls.resources = cls.template["Resources"]

    def all(self, kind):
        return {
            name: resource["Properties"]
            for name, resource in self.resources.items()
            if resource["Type"] == kind
        }

    def only(self, kind):
        ((name, properties),) = self.all(kind).items()
        return name, properties

    def statements(self):
        """Each statement of each role, with the role's logical id."""
        for name, role in self.all("AWS::IAM::Role").items():
            for policy in role.get("Policies", []):
                for statement in policy["PolicyDocument"]["Statement"]:
                    yield name, statement

    def metrics_of(self, alarm):
        """The namespaces and names of the metrics that an alarm reads."""
        metrics = alarm.get("Metrics")
        if metrics is None:
            return {(json.dumps(alarm["Namespace"]).strip('"'), alarm["MetricName"])}
        metrics = [it["MetricStat"]["Metric"] for it in metrics if "MetricStat" in it]
        return {(json.dumps(it["Namespace"]).strip('"'), it["MetricName"]) for it in metrics}


class Names(Template):
    def test_a_name_that_is_global_in_an_account_contains_the_region(self):
        for name, resource in self.resources.items():
            for path in GLOBAL_NAMES.get(resource["Type"], []):
                given = property_at(resource, path)
                if given is not None:
                    self.assertIn(
                        "AWS::Region",
                        json.dumps(given),
                        f"{name}: a second stack in another region would have the same {path}",
                    )


class Cors(Template):
    def test_sam_passes_on_every_member_of_the_cors_configuration(self):
        _, api = self.only("AWS::ApiGatewayV2::Api")
        cors = api["Body"]["x-amazon-apigateway-cors"]
        self.assertEqual(list(cors), ["Fn::If"], "SAM only keeps AllowOrigins if the value is a function")
        condition, configuration, otherwise = cors["Fn::If"]
        given = {"Fn::Not": [{"Fn::Equals": [{"Ref": "AllowedOrigins"}, ""]}]}
        self.assertEqual(self.template["Conditions"][condition], given)
        self.assertEqual(otherwise, {"Ref": "AWS::NoValue"})
        members = {"allowOrigins", "allowMethods", "allowHeaders", "exposeHeaders", "maxAge"}
        self.assertEqual(set(configuration), members)


class Alerts(Template):
    def test_the_topics_statement_for_eventbridge_has_no_condition(self):
        # "You can't use Condition blocks in Amazon SNS topic policies for EventBridge":
        # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
        found = 0
        for name, policy in self.all("AWS::SNS::TopicPolicy").items():
            for statement in policy["PolicyDocument"]["Statement"]:
                if "events.amazonaws.com" in listed(statement["Principal"].get("Service")):
                    found += 1
                    self.assertNotIn("Condition", statement, name)
                    self.assertEqual(statement["Action"], "sns:Publish")
                    self.assertEqual([statement["Resource"]], policy["Topics"])
        self.assertEqual(found, 1)

    def test_a_target_with_a_resource_policy_has_no_role(self):
        # The same page: with a RoleArn, delivery to SNS, SQS and Lambda may fail.
        for name, rule in self.all("AWS::Events::Rule").items():
            for target in rule["Targets"]:
                self.assertNotIn("RoleArn", target, name)


class Stream(Template):
    def test_the_pipe_waits_for_the_event_source_mapping(self):
        mapping, _ = self.only("AWS::Lambda::EventSourceMapping")
        pipe, _ = self.only("AWS::Pipes::Pipe")
        self.assertIn(mapping, listed(self.resources[pipe].get("DependsOn")))

    def test_a_shard_has_two_readers_at_most(self):
        stream = {"Fn::GetAtt": ["Table", "StreamArn"]}
        mappings = self.all("AWS::Lambda::EventSourceMapping").values()
        sources = [it["EventSourceArn"] for it in mappings]
        sources += [it["Source"] for it in self.all("AWS::Pipes::Pipe").values()]
        self.assertLessEqual(sources.count(stream), 2)

    def test_counting_leaves_concurrency_to_the_api_in_a_new_account(self):
        # A new account may run 10 functions at once, and a new on-demand table has four shards.
        _, mapping = self.only("AWS::Lambda::EventSourceMapping")
        self.assertLessEqual(mapping.get("ParallelizationFactor", 1), 2)

    def test_the_pipe_retries_for_as_long_as_the_stream_keeps_a_record(self):
        _, pipe = self.only("AWS::Pipes::Pipe")
        parameters = pipe["SourceParameters"]["DynamoDBStreamParameters"]
        self.assertEqual(parameters["MaximumRetryAttempts"], -1)
        self.assertEqual(parameters["MaximumRecordAgeInSeconds"], 24 * 60 * 60)


class Alarms(Template):
    def test_an_alarm_reads_each_failure_metric_of_the_pipe(self):
        pipe, _ = self.only("AWS::Pipes::Pipe")
        seen = set()
        for alarm in self.all("AWS::CloudWatch::Alarm").values():
            if json.dumps({"Ref": pipe}) in json.dumps(alarm):
                seen |= {metric for _, metric in self.metrics_of(alarm)}
        self.assertLessEqual(PIPE_FAILURES, seen)

    def test_an_alarm_compares_the_functions_events_with_those_of_the_pipe(self):
        stopped = [
            alarm
            for alarm in self.all("AWS::CloudWatch::Alarm").values()
            if ("AWS/EventBridge/Pipes", "EventCount") in self.metrics_of(alarm)
        ]
        self.assertEqual(len(stopped), 1, "no alarm detects a stopped pipe")
        names = {metric for _, metric in self.metrics_of(stopped[0])}
        self.assertLessEqual({"Asked", "Answered", "Sent"}, names)
        # A period without data must keep the previous state, and must not be an alarm by itself.
        expressions = [it["Expression"] for it in stopped[0]["Metrics"] if "Expression" in it]
        self.assertTrue(any("REPEAT" in it for it in expressions), expressions)
        self.assertEqual(stopped[0]["TreatMissingData"], "notBreaching")
        self.assertGreater(stopped[0]["EvaluationPeriods"], stopped[0]["DatapointsToAlarm"])
        returned = [it for it in stopped[0]["Metrics"] if it.get("ReturnData", True)]
        self.assertEqual(len(returned), 1)

    def test_the_docs_state_how_many_metrics_the_alarms_read(self):
        read = sum(
            len([it for it in alarm["Metrics"] if "MetricStat" in it]) if "Metrics" in alarm else 1
            for alarm in self.all("AWS::CloudWatch::Alarm").values()
        )
        stated = re.findall(r"(\d+) alarm metrics", OPERATIONS.read_text())
        self.assertEqual(stated, [str(read)])


    def test_the_docs_describe_each_alarm(self):
        described = re.findall(r"^\| `(\w+Alarm)` \|", OPERATIONS.read_text(), re.M)
        self.assertEqual(sorted(described), sorted(self.all("AWS::CloudWatch::Alarm")))


class Permissions(Template):
    def test_only_addresses_are_created_and_deleted_as_identities(self):
        found = set()
        for name, statement in self.statements():
            actions = set(listed(statement["Action"]))
            narrow = actions & {"ses:CreateEmailIdentity", "ses:DeleteEmailIdentity"}
            if statement["Effect"] == "Allow" and narrow:
                found |= narrow
                for resource in listed(statement["Resource"]):
                    text = resource["Fn::Sub"] if isinstance(resource, dict) else resource
                    self.assertTrue(
                        text.endswith(":identity/*@*"), f"{name} may delete the account's domains"
                    )
        self.assertEqual(found, {"ses:CreateEmailIdentity", "ses:DeleteEmailIdentity"})


class Parameters(Template):
    def test_every_function_gets_the_certificates_of_ca_bundle_if_it_is_set(self):
        self.assertEqual(self.template["Parameters"].get("CaBundle", {}).get("Default"), "")
        given = {"Fn::If": ["HasCaBundle", {"Ref": "CaBundle"}, {"Ref": "AWS::NoValue"}]}
        for name, function in self.all("AWS::Lambda::Function").items():
            variables = function["Environment"]["Variables"]
            self.assertEqual(variables.get("AWS_CA_BUNDLE"), given, name)

    def test_a_time_zone_that_does_not_exist_fails_the_deploy(self):
        # tests/end_to_end/report_days.rs checks that the functions support each zone of the list.
        zones = self.template["Parameters"]["ReportTimeZone"].get("AllowedValues", [])
        self.assertIn("Europe/Lisbon", zones)
        self.assertNotIn("Europe/Lisboa", zones)
        self.assertTrue(all(isinstance(zone, str) for zone in zones))

    def test_the_template_is_within_cloudformations_limits(self):
        # The limits are 1 MB for an uploaded template and 4,000 characters for a parameter's description.
        self.assertLess(len(json.dumps(self.template)), 1_000_000)
        for name, parameter in self.template["Parameters"].items():
            self.assertLess(len(parameter["Description"]), 4_000, name)


    def test_the_docs_list_each_parameter(self):
        text = OPERATIONS.read_text()
        section = text[text.index("\n## Parameters\n") : text.index("\n## Regions\n")]
        first_cells = re.findall(r"^\| (`[^|]*) \|", section, re.M)
        listed = re.findall(r"`(\w+)`", " ".join(first_cells))
        self.assertEqual(sorted(listed), sorted(self.template["Parameters"]))


class Regions(Template):
    def supported(self):
        rules = self.template.get("Rules", {})
        asserted = rules.get("SupportedRegion", {}).get("Assertions", [{}])
        regions, region = asserted[0].get("Assert", {}).get("Fn::Contains", [[], None])
        if regions:
            self.assertEqual(region, {"Ref": "AWS::Region"})
        return regions

    def test_a_deploy_in_an_unsupported_region_fails(self):
        self.assertIn("eu-central-1", self.supported())
        self.assertNotIn("ca-west-1", self.supported())

    def test_the_docs_list_the_regions_that_a_deploy_accepts(self):
        paragraphs = OPERATIONS.read_text().split("\n\n")
        named = [it for it in paragraphs if it.startswith("**Regions.**")]
        self.assertEqual(len(named), 1, "docs/operations.md has a paragraph that begins with **Regions.**")
        region = r"`([a-z]{2}-[a-z]+-\d)`"
        self.assertEqual(re.findall(region, named[0]), self.supported())

    def test_the_regions_are_those_that_have_every_type_of_resource(self):
        used = {resource["Type"] for resource in self.resources.values()}
        # Only the partition `aws` has the domain of the token endpoint and the functions' root certificates.
        regions = [it for it in REGIONS if re.fullmatch(r"(af|ap|ca|eu|il|me|mx|sa|us)-[a-z]+-\d", it)]
        complete = [
            region
            for region in sorted(regions)
            if used <= set(PROVIDER_SCHEMA_MANAGER.get_resource_types(region))
        ]
        self.assertEqual(complete, self.supported())

    def test_cfn_lint_passes_in_every_supported_region(self):
        regions = self.supported()
        self.assertTrue(regions)
        linter = pathlib.Path(sys.executable).with_name("cfn-lint")
        command = [linter, "--regions", *regions, "--template", TEMPLATE]
        linted = subprocess.run(command, capture_output=True, text=True)
        self.assertEqual(linted.returncode, 0, linted.stdout + linted.stderr)


class Keys(Template):
    def test_the_tables_keys_and_indexes_are_those_of_deployed_stacks(self):
        tables = self.all("AWS::DynamoDB::Table")
        frozen = json.loads(TABLE.read_text())
        now = {
            name: {key: table.get(key) for key in frozen["Table"]} for name, table in tables.items()
        }
        self.assertEqual(
            now,
            frozen,
            "A change of the logical id, KeySchema, LocalSecondaryIndexes or an existing attribute's type makes "
            "CloudFormation replace the table: every deployed stack gets a new, empty table, and the functions no longer "
            "read the old one. One global index can be added or removed in an update without replacement. If a "
            f"replacement is intended, and docs/operations.md describes the migration, change {TABLE.name} too.",
        )


if __name__ == "__main__":
    unittest.main()
