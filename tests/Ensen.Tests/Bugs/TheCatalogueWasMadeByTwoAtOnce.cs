using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Ensen.Basics;

namespace Ensen.Tests.Bugs;

/// <summary>
/// A test run in which many classes began at once found the catalogue with a null in it: modules and their verbs name each other, and two
/// threads had begun at two ends of such a circle.
/// </summary>
public class TheCatalogueWasMadeByTwoAtOnce
{
    const int Times = 12;

    [Fact]
    public void Wherever_many_threads_begin_at_once_everything_is_there()
    {
        var product = typeof(Product).Assembly;
        for (var seed = 0; seed < Times; seed++)
        {
            var apart = new Apart();
            try
            {
                var loaded = apart.LoadFromAssemblyPath(product.Location);
                var random = new Random(seed);
                var types = loaded.GetTypes().Where(t => t is { TypeInitializer: not null, ContainsGenericParameters: false, IsEnum: false }
                    && t.Namespace?.StartsWith("Ensen", StringComparison.Ordinal) == true).OrderBy(_ => random.Next()).ToArray();
                types.Length.ShouldBeGreaterThan(50);
                using var start = new Barrier(8);
                var failed = new System.Collections.Concurrent.ConcurrentQueue<Exception>();
                var threads = Enumerable.Range(0, start.ParticipantCount).Select(part => new Thread(() =>
                {
                    start.SignalAndWait();
                    try
                    {
                        for (var i = part; i < types.Length; i += start.ParticipantCount)
                            RuntimeHelpers.RunClassConstructor(types[i].TypeHandle);
                    }
                    catch (Exception e)
                    {
                        failed.Enqueue(e);
                    }
                })).ToList();
                threads.ForEach(t => t.Start());
                threads.ForEach(t => t.Join());
                failed.ShouldBeEmpty($"seed {seed}");
                var modules = (IEnumerable<object>)loaded.GetType(typeof(Product).FullName!)!.GetProperty(nameof(Product.Modules))!.GetValue(null)!;
                foreach (var module in modules)
                    ((IEnumerable<object?>)module.GetType().GetProperty(nameof(Module.Declares))!.GetValue(module)!).ShouldAllBe(d => d != null);
            }
            finally
            {
                apart.Unload();
            }
        }
    }

    /// <summary>The product once more, of which nothing has begun; what it uses is what everybody uses.</summary>
    sealed class Apart() : AssemblyLoadContext("apart", isCollectible: true);
}
