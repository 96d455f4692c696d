"""Types of VPC resources."""

from typing import Annotated

from pydantic import Field

from protected_endpoints.config.types.token import TOKEN

_EC2_ID = r"([0-9a-f]{8}|[0-9a-f]{17})"

VpcId = Annotated[str, Field(title="VPC ID", pattern=rf"^vpc-{_EC2_ID}$", examples=["vpc-0a1b2c3d4e5f60718"]), TOKEN]
SubnetId = Annotated[
    str, Field(title="subnet ID", pattern=rf"^subnet-{_EC2_ID}$", examples=["subnet-0a1b2c3d4e5f60718"]), TOKEN
]
RouteTableId = Annotated[
    str, Field(title="route table ID", pattern=rf"^rtb-{_EC2_ID}$", examples=["rtb-0a1b2c3d4e5f60718"]), TOKEN
]
SecurityGroupId = Annotated[
    str, Field(title="security group ID", pattern=rf"^sg-{_EC2_ID}$", examples=["sg-0a1b2c3d4e5f60718"]), TOKEN
]
VpcEndpointId = Annotated[
    str, Field(title="VPC endpoint ID", pattern=rf"^vpce-{_EC2_ID}$", examples=["vpce-0a1b2c3d4e5f60718"]), TOKEN
]
PrefixListId = Annotated[
    str, Field(title="prefix list ID", pattern=rf"^pl-{_EC2_ID}$", examples=["pl-0a1b2c3d4e5f60718"]), TOKEN
]
_BYTE = r"(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
CidrIpv4 = Annotated[
    str,
    Field(
        title="IPv4 CIDR block",
        pattern=rf"^({_BYTE}\.){{3}}{_BYTE}/(3[0-2]|[12]?[0-9])$",
        examples=["10.0.0.0/16", "0.0.0.0/0"],
    ),
]
# EC2 also accepts $ { } in descriptions, which Terraform would evaluate as a template.
RuleDescription = Annotated[
    str,
    Field(
        title="reason of 10 to 200 letters A to Z, digits, spaces and . _ : / ( ) # , @ [ ] + = & ; ! * -",
        pattern=r"^[A-Za-z0-9 ._:/()#,@\[\]+=&;!*-]*[A-Za-z0-9][A-Za-z0-9 ._:/()#,@\[\]+=&;!*-]*$",
        min_length=10,
        max_length=200,
        examples=["downloads from the model hub, RISK-881"],
    ),
]
