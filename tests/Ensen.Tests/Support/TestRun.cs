namespace Ensen.Tests.Support;

/// <summary>How this run was asked for.</summary>
static class TestRun
{
    /// <summary><c>./test long</c>: what <c>./test</c> does by sample is done whole.</summary>
    public static bool IsLong { get; } = Environment.GetEnvironmentVariable("ENSEN_TEST_LONG") == "yes";
}
