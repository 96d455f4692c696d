"""Import resources that an interrupted run left in AWS and out of the state: `protected-endpoints recover`.

`declared` reads the resources of the stack, `import_ids` derives the id of each, `account` looks up the ids that AWS or
Terraform chose, and `state_copy` imports into a copy of the state. `findings` compares all of that, and `command` shows
the result, asks, and replaces the state with the copy. No AWS resource is changed.
"""
