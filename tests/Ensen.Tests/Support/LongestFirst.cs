using Xunit.Sdk;
using Xunit.v3;

namespace Ensen.Tests.Support;

/// <summary>
/// What takes longest starts first, the longest before all: a class that is started last and runs for a minute keeps one processor and
/// leaves the others idle. A name that no longer exists only loses its place.
/// </summary>
public abstract class LongestFirst(params string[] names) : ITestCollectionOrderer
{
    public IReadOnlyCollection<T> OrderTestCollections<T>(IReadOnlyCollection<T> testCollections)
        where T : ITestCollection =>
        [.. testCollections.OrderBy(Place)]; // Stable: all others stay as they were.

    int Place<T>(T collection)
        where T : ITestCollection
    {
        // "Doomed", or "Test collection for Ensen.Tests.Web.TownTests (id: …)".
        var words = collection.TestCollectionDisplayName.Split(' ', '.');
        var place = Array.FindIndex(names, words.Contains);
        return place < 0 ? names.Length : place;
    }
}
