using System.Data.Common;
using Ensen.Ledger;

namespace Ensen.Simulation.Worlds;

/// <summary>What is on its way belongs to no node and outlives them all: a commit that was sent, a call-back of a bank.</summary>
sealed class Network(Loop loop, Random chance)
{
    readonly Place _place = new(loop, "network");
    readonly List<Task> _under = [];

    /// <summary>A commit that arrives after its sender has given it up. If somebody moved first, it leaves nothing.</summary>
    public void Later(Func<Task> commit) => Send(async () =>
    {
        try
        {
            await commit();
        }
        catch (Exception e) when (e is MovedException or DbException or IOException)
        {
            // Somebody else was first, and the database said so.
        }
    });

    public void Send(Func<Task> message)
    {
        var arrived = new TaskCompletionSource();
        _under.Add(arrived.Task);
        _place.Post(async _ =>
        {
            try
            {
                for (var turns = chance.Next(12); turns > 0; turns--)
                    await Place.Yield();
                if (chance.Next(3) == 0)
                    await Task.Delay(TimeSpan.FromMilliseconds(chance.Next(1, 900)), loop.Clock);
                await message();
                arrived.SetResult();
            }
            catch (Exception e)
            {
                arrived.SetException(e);
            }
        }, null);
    }

    public bool IsSilent => _under.Count == 0;

    /// <summary>Ends when nothing is on its way any more.</summary>
    public async Task Silence()
    {
        while (_under.Count > 0)
        {
            var under = _under.ToArray();
            _under.Clear();
            await Task.WhenAll(under);
        }
    }
}
