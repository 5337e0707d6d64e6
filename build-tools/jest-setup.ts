// aws-cdk-lib validates every synthesized template with an engine that takes 1.5 s to start in each test file. The `validation`
// layer sets CDK_VALIDATION=true and pays once.
process.env.CDK_VALIDATION ??= 'false';
// Deprecations are a matter for the compiler; at run time they only bury the output of a failing test.
process.env.JSII_DEPRECATED ??= 'quiet';
