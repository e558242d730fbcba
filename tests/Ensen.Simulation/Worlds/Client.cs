using System.Data.Common;
using Ensen.Basics;
using Ensen.Ledger;

namespace Ensen.Simulation.Worlds;

/// <summary>
/// Somebody's phone, till or program: it sends a request to one of the nodes, and the same one again until somebody answers. It keeps
/// when it first asked, when it was answered, how the clocks stood meanwhile, and how often it had to ask.
/// </summary>
sealed class Client(World world, string who)
{
    const int Most = 60;

    long _began;

    public int Attempts { get; private set; }
    public DateTimeOffset Sent { get; private set; }
    public DateTimeOffset Answered { get; private set; }

    /// <summary>Of the world's steps the one at which the last try began.</summary>
    public int LastStep { get; private set; }

    /// <summary>
    /// A window for each of the clocks that may have told the product what time it was, whichever of the tries was the one.
    /// </summary>
    public IReadOnlyList<Window> Windows { get; private set; } = [];

    /// <summary>The days on which it may have happened.</summary>
    public IReadOnlyCollection<int> Days { get; private set; } = [];

    /// <summary>What a program must expect of other programs: nothing was answered, and nobody knows what happened.</summary>
    public static bool IsTrouble(Exception e) =>
        e is NodeDiedException or IOException or TimeoutException or LedgerUnavailableException or DbException;

    public async Task<T> Ask<T>(string what, Func<Node, Task<T>> work)
    {
        for (var tries = 1; ; tries++)
        {
            var node = await world.SomeNode();
            if (Attempts++ == 0)
                (Sent, _began) = (world.Times.Earliest, world.Loop.Clock.Ticks);
            try
            {
                world.Note($"{who} asks {node.Name}: {what}");
                LastStep = world.Loop.Steps;
                var answer = await node.Call(() => work(node));
                if (world.Weather.Strikes(Fault.AnswerLost))
                    throw new TimeoutException("the answer was lost on the way");
                Answered = world.Times.Latest;
                Windows = world.TimesSince(_began);
                Days = [.. Windows.SelectMany(w => new[] { w.From, w.To }).Append(Sent).Append(Answered).Select(t => JapanDay.Of(t).Number)
                    .Distinct().Order()];
                return answer;
            }
            catch (Exception e) when (IsTrouble(e) && tries < Most)
            {
                world.Note($"{who} is not answered by {node.Name} ({e.GetType().Name}: {e.Message}; {e.InnerException?.Message})");
                if (tries > 12)
                    world.Weather.Clear();
                for (var turns = world.RandomSource.Next(4); turns > 0; turns--)
                    await Place.Yield();
            }
        }
    }
}
