using Platform.Testing;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Platform.Indexing.Tests.Storage;

/// <summary>Marks a class whose contract tests need Azurite; where it is missing they are reported as skipped.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsAzuriteAttribute : Attribute
{
    internal static string? WhyNot(ITestMethod method) =>
        method.TestClass.Class.GetCustomAttributes(typeof(NeedsAzuriteAttribute)).Any() ? AzuriteServer.WhyNot() : null;
}

/// <summary>A fact of a contract that several classes keep; each class says what it needs.</summary>
[XunitTestCaseDiscoverer("Platform.Indexing.Tests.Storage.ContractFactDiscoverer", "Platform.Indexing.Tests")]
public sealed class ContractFactAttribute : FactAttribute;

/// <summary>A theory of a contract that several classes keep; each class says what it needs.</summary>
[XunitTestCaseDiscoverer("Platform.Indexing.Tests.Storage.ContractTheoryDiscoverer", "Platform.Indexing.Tests")]
public sealed class ContractTheoryAttribute : TheoryAttribute;

/// <summary>Skips a fact if its class needs what is not here.</summary>
public sealed class ContractFactDiscoverer(IMessageSink diagnostics) : FactDiscoverer(diagnostics)
{
    protected override IXunitTestCase CreateTestCase(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        NeedsAzuriteAttribute.WhyNot(testMethod) is null
            ? base.CreateTestCase(discoveryOptions, testMethod, factAttribute)
            : new SkippedContractTest(
                DiagnosticMessageSink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod);
}

/// <summary>Skips a theory if its class needs what is not here.</summary>
public sealed class ContractTheoryDiscoverer(IMessageSink diagnostics) : TheoryDiscoverer(diagnostics)
{
    public override IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo theoryAttribute) =>
        NeedsAzuriteAttribute.WhyNot(testMethod) is null
            ? base.Discover(discoveryOptions, testMethod, theoryAttribute)
            : [new SkippedContractTest(
                DiagnosticMessageSink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod)];
}

/// <summary>A test that its class can't run here.</summary>
public sealed class SkippedContractTest : XunitTestCase
{
    [Obsolete("For the runner, which fills it in.", error: true)]
    public SkippedContractTest()
    {
    }

    public SkippedContractTest(IMessageSink diagnostics, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method)
        : base(diagnostics, display, options, method)
    {
    }

    protected override string GetSkipReason(IAttributeInfo factAttribute) => NeedsAzuriteAttribute.WhyNot(TestMethod) ?? base.GetSkipReason(factAttribute);
}
