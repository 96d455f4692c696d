"""Bring back what a killed run left in AWS and no state has: `make recover STACK=dev-kmeans`.

`declared` reads what the stack declares, `identity` tells under which id each of it exists, `account` looks up the ids
that AWS or Terraform chose, `copy` works on a copy of the state, `finding` says what was found, and the command shows
it, asks, and puts the copy in the place of the state. Nothing in AWS is changed, and nothing is ever destroyed.
"""
