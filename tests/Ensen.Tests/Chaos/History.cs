using System.Collections.Concurrent;
using Ensen.Tests.Api;

namespace Ensen.Tests.Chaos;

/// <summary>What a caller wants.</summary>
enum Deed
{
    Pay = 1,
    Send = 2,

    /// <summary>The till takes a payment by the code that the member shows.</summary>
    Take = 3,
}

/// <summary>
/// One request with its key, however often it is sent, and what its caller learned: nothing yet, or one answer, which never changes.
/// </summary>
sealed class Call(Deed deed, string by, string to, long amount, string path, object body, Client speaker, string? order = null,
    string? code = null)
{
    readonly Lock _lock = new();
    readonly List<string> _contradictions = [];
    Reply? _answer;
    int _tries;
    int _unknown;

    public Deed Deed => deed;

    /// <summary>The member whose value moves.</summary>
    public string By => by;

    /// <summary>The store or the member that gets it.</summary>
    public string To => to;
    public long Amount => amount;
    public string Path => path;
    public object Body => body;
    public string Key { get; } = Guid.NewGuid().ToString();

    /// <summary>Whoever sends it: the member, or the till.</summary>
    public Client Speaker => speaker;

    /// <summary>The till's order number.</summary>
    public string? Order => order;

    /// <summary>The code that was shown: of all requests that have it, one at most is a payment.</summary>
    public string? Code => code;

    public Reply? Answer => Volatile.Read(ref _answer);

    public bool Accepted => Answer?.Status == 201;

    /// <summary>The id that the answer gave to what was done.</summary>
    public string Id => Answer!.Text(Deed == Deed.Send ? "transferId" : "paymentId");

    public long PointsEarned => Deed == Deed.Send ? 0 : Answer!.Number("pointsEarned");

    /// <summary>It had been done by a try that had no answer.</summary>
    public bool DoneInSilence { get; private set; }

    public int Tries => Volatile.Read(ref _tries);

    /// <summary>How many tries had no answer.</summary>
    public int Unknown => Volatile.Read(ref _unknown);

    /// <summary>Answers that differ from the first one, and answers that nobody should get.</summary>
    public IReadOnlyList<string> Contradictions
    {
        get
        {
            lock (_lock)
                return [.. _contradictions];
        }
    }

    public void Try() => Interlocked.Increment(ref _tries);

    /// <summary>This try had no answer.</summary>
    public void Lose() => Interlocked.Increment(ref _unknown);

    /// <summary>Returns true for the first answer.</summary>
    public bool Learn(Reply reply)
    {
        lock (_lock)
        {
            if (_answer is null)
            {
                DoneInSilence = _unknown > 0 && reply is { Status: 201, Replayed: true };
                Volatile.Write(ref _answer, reply);
                return true;
            }
            if (_answer.Status != reply.Status || _answer.Body != reply.Body)
                _contradictions.Add($"was answered {_answer.Status} {_answer.Body} and then {reply.Status} {reply.Body}");
            return false;
        }
    }

    public void Complain(string complaint)
    {
        lock (_lock)
            _contradictions.Add(complaint);
    }

    public override string ToString() => $"{Deed} {Amount} by {By} to {To} (key {Key})";
}

/// <summary>All that the callers asked and learned: the only thing the check believes.</summary>
sealed class History
{
    readonly ConcurrentQueue<Call> _calls = new();
    long _answered;
    long _unknown;

    /// <summary>What each member had when it began.</summary>
    public Dictionary<string, long> Start { get; } = [];

    public List<string> Stores { get; } = [];

    public IReadOnlyCollection<Call> Calls => _calls;

    /// <summary>Requests that have an answer.</summary>
    public long Answered => Interlocked.Read(ref _answered);

    /// <summary>Tries that had none.</summary>
    public long Unknown => Interlocked.Read(ref _unknown);

    public Call Add(Call call)
    {
        _calls.Enqueue(call);
        return call;
    }

    public void Learn(Call call, Reply reply)
    {
        if (call.Learn(reply))
            Interlocked.Increment(ref _answered);
    }

    public void Lose(Call call)
    {
        call.Lose();
        Interlocked.Increment(ref _unknown);
    }
}
