"""validate.py SCHEMA FILE...: whether each file is what the JSON Schema says; names what is wrong and where."""
import json
import sys

import jsonschema


def refuse_constant(name):
    raise ValueError(f"{name} is no JSON")


def load(file):
    with open(file, encoding="utf-8") as stream:
        return json.load(stream, parse_constant=refuse_constant)


def errors(schema, instance):
    found = jsonschema.Draft202012Validator(schema).iter_errors(instance)
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}" for error in found]


def main(schema_file, *files):
    schema = load(schema_file)
    jsonschema.Draft202012Validator.check_schema(schema)
    wrong = 0
    for file in files:
        for error in errors(schema, load(file)):
            print(f"{file}: {error}")
            wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
