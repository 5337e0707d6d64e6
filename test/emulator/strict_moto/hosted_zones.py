"""Hosted zone ids of the services that an alias record may point at (AWS General Reference)."""

CLOUDFRONT_ZONE = "Z2FDTNDATAQYW2"
GLOBAL_ACCELERATOR_ZONE = "Z2BJ6XQ5FK7U4H"

LOAD_BALANCER_ZONES = {
    "ap-northeast-1": {"application": "Z14GRHDCWA56QT", "network": "Z31USIVHYNEOWT"},
    "ap-southeast-1": {"application": "Z1LMS91P8CMLE5", "network": "ZKVM4W9LS7TM"},
    "ap-southeast-2": {"application": "Z1GM3OXH4ZPM65", "network": "ZCT6FZBF4DROD"},
    "eu-central-1": {"application": "Z215JYRZR1TBD5", "network": "Z3F0SRJ5LGBH90"},
    "eu-north-1": {"application": "Z23TAZ6LKFMNIO", "network": "Z1UDT6IFJ4EJM"},
    "eu-west-1": {"application": "Z32O12XQLNTSW2", "network": "Z2IFOLAFXWLO4F"},
    "eu-west-2": {"application": "ZHURV8PSTC4K8", "network": "ZD4D7Y8KGAS4G"},
    "eu-west-3": {"application": "Z3Q77PNBQS71R4", "network": "Z1CMS0P5QUZ6D5"},
    "us-east-1": {"application": "Z35SXDOTRQ7X7K", "network": "Z26RNL4JYFTOTI"},
    "us-east-2": {"application": "Z3AADJGX6KTTL2", "network": "ZLMOA37VPKANP"},
    "us-west-1": {"application": "Z368ELLRRE2KJ0", "network": "Z24FKFUX50B4VW"},
    "us-west-2": {"application": "Z1H1FL5HABSF5", "network": "Z18D5FSROUN65G"},
}

S3_WEBSITE_ZONES = {
    "ap-northeast-1": "Z2M4EHUR26P7ZW",
    "ap-southeast-1": "Z3O0J2DXBE1FTB",
    "ap-southeast-2": "Z1WCIGYICN2BYD",
    "eu-central-1": "Z21DNDUVLTQW6Q",
    "eu-north-1": "Z3BAZG2TWCNX0D",
    "eu-west-1": "Z1BKCTXD74EZPE",
    "eu-west-2": "Z3GKZC51ZF0DB4",
    "eu-west-3": "Z3R1K369G5AVDG",
    "us-east-1": "Z3AQBSTGFYJSTF",
    "us-east-2": "Z2O1EMRO9K5GLX",
    "us-west-1": "Z2F56UZL2M1ACD",
    "us-west-2": "Z3BJ6K6RIION7M",
}
