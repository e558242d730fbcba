using System.Reflection;
using Ensen.Storage;
using Xunit.Sdk;
using Xunit.v3;

namespace Ensen.Tests.Support;

/// <summary>
/// Runs a theory once on SQLite and once on PostgreSQL: <c>[Theory, BothEngines]</c> on a method whose first parameter is an
/// <see cref="Engine"/>. Further arguments follow it, and the attribute may be repeated: <c>[Theory, BothEngines(1, "a"), BothEngines(2,
/// "b")]</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class BothEnginesAttribute(params object?[] arguments) : DataAttribute
{
    public object?[] Arguments { get; } = arguments;

    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        ValueTask.FromResult<IReadOnlyCollection<ITheoryDataRow>>(
            [.. Enum.GetValues<Engine>().Select(engine => new TheoryDataRow([engine, .. Arguments]))]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
