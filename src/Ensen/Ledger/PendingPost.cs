using System.Data.Common;
using System.Diagnostics;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Ledger;

/// <summary>A caller in the commit queue: its draft, what was decided, and the promise it waits for.</summary>
abstract class PendingPost
{
    public abstract Guid Id { get; }
    public abstract IReadOnlyList<Guid> Owners { get; }
    public abstract bool IsAlone { get; }

    /// <summary>When it came, by the machine's steady clock: the sandbox's may jump.</summary>
    public long Since { get; } = Stopwatch.GetTimestamp();

    /// <summary>The caller's wait, for those who trace it.</summary>
    public Activity? Span { get; init; }

    /// <summary>The refusal that was decided, if it was one.</summary>
    public abstract Enum? Refusal { get; }

    public abstract IReadOnlyList<IdempotencyKey> Keys { get; }

    public abstract void AddReads(ReadSet reads);

    /// <summary>
    /// Decides, and adds to the batch what the decision writes. A draft that <paramref name="isLate"/> is answered when it was answered or
    /// committed before, and is decided no more: its caller may have been told already that nothing was done.
    /// </summary>
    public abstract void Decide(LoadedState loaded, WriteSet writes, DateTimeOffset now, bool isLate);

    /// <summary>The commit was sent and nobody knows whether it arrived: the next try looks for the entry before it decides.</summary>
    public abstract void Doubt();

    /// <summary>Gives the caller what was decided; called once it is durable.</summary>
    public abstract void Answer();

    public abstract void Fail(Exception e);

    /// <summary>It has its answer; its writer may not have let go of it yet.</summary>
    public abstract bool IsAnswered { get; }
}

sealed class PendingPost<TValue, TRefusal>(Draft<TValue, TRefusal> draft) : PendingPost
    where TValue : class
    where TRefusal : struct, Enum
{
    bool _isAnswered;
    readonly TaskCompletionSource<Answer<TValue, TRefusal>> _promise = new(TaskCreationOptions.RunContinuationsAsynchronously);
    Answer<TValue, TRefusal> _answer;
    Exception? _failure;
    bool _posts;
    Answer<TValue, TRefusal>? _inDoubt;
    CancellationTokenRegistration _stopping;

    public Task<Answer<TValue, TRefusal>> Promise => _promise.Task;

    /// <summary>Cancelling ends the caller's waiting; what was asked goes on.</summary>
    public void WaitUntil(CancellationToken ct) =>
        _stopping = ct.UnsafeRegister(static (waiting, stop) =>
            ((PendingPost<TValue, TRefusal>)waiting!)._promise.TrySetCanceled(stop), this);

    public override Guid Id => draft.Id;
    public override IReadOnlyList<Guid> Owners => draft.Owners;
    public override bool IsAlone => draft.IsAlone;
    public override Enum? Refusal => _failure is null && !_answer.Accepted ? _answer.Refusal : null;

    public override IReadOnlyList<IdempotencyKey> Keys => draft.IdempotencyKeys;

    public override void AddReads(ReadSet reads)
    {
        foreach (var owner in draft.Owners)
            reads.Owners.Add(owner);
        foreach (var pool in draft.Pools)
            reads.Pools.Add(pool);
        foreach (var counter in draft.Counters)
            reads.Counters.Add(counter);
        foreach (var key in draft.IdempotencyKeys)
            reads.IdempotencyKeys.Add((key.Caller, key.Key));
        foreach (var use in draft.SingleUses)
            reads.SingleUses.Add(use);
        if (_inDoubt is not null)
            reads.Entries.Add(draft.Id);
    }

    public override void Doubt()
    {
        if (_posts)
            _inDoubt = _answer;
    }

    public override void Decide(LoadedState loaded, WriteSet writes, DateTimeOffset now, bool isLate)
    {
        _posts = false;
        _failure = null;
        if (loaded.Entries.Contains(draft.Id))
        {
            // Our commit arrived although its acknowledgement never came: what was decided then is the answer. Or the id is somebody
            // else's.
            if (_inDoubt is { } decided)
                _answer = decided;
            else
                _failure = new AlreadyPostedException(draft.Id);
            return;
        }
        try
        {
            if (Stored(loaded) is { } remembered)
                _answer = remembered;
            else if (isLate && !draft.IsPatient)
                _failure = new LedgerUnavailableException(null);
            else
                Take(draft.Decide(loaded.AccountState), loaded, writes, now);
        }
        catch (Exception e)
        {
            _failure = e;
        }
    }

    Answer<TValue, TRefusal>? Stored(LoadedState loaded)
    {
        Answer<TValue, TRefusal> UnderWay(TValue underWay) => underWay;
        foreach (var key in draft.IdempotencyKeys)
            if (loaded.IdempotencyKeys.TryGetValue((key.Caller, key.Key), out var found))
                return !key.IsSameRequest(found) ? draft.Reused(key)
                    : found.Answer is { } answer ? StoredAnswer.Read<TValue, TRefusal>(answer, draft.Json)
                    : draft.UnderWay is { } underWay ? UnderWay(underWay).AsReplay()
                    : draft.Reused(key);
        return null;
    }

    void Take(Decision<TValue, TRefusal> decision, LoadedState loaded, WriteSet writes, DateTimeOffset now)
    {
        var remember = draft.IdempotencyKeys.Where(k => decision.Answer.Accepted || k.KeepsRefusals && !decision.IsForNow).ToList();
        var text = remember.Count == 0 || decision.Answer.Accepted && draft.UnderWay is not null ? null
            : StoredAnswer.Write(decision.Answer, draft.Json);
        var keys = remember.ConvertAll(
            k => new IdempotencyRow(k.Caller, k.Key, k.RequestHash, text, now.ToUnixTimeMilliseconds(), decision.Entry?.Id));
        if (decision.Alongside is not null && !draft.IsAlone)
            throw new InvalidOperationException($"Draft {draft.Id} has work of its own and is not alone.");
        if (decision.Entry is { } entry)
        {
            Post(decision, entry.AttachedHash is null
                ? entry with { AttachedHash = Attached.Of(decision.Details, decision.SingleUses, keys) }
                : entry, loaded, writes);
            _posts = true;
        }
        else if (decision.Uses.Count > 0)
            Begin(decision, remember.Count, loaded, writes);
        writes.Alongside = decision.Alongside;
        _answer = decision.Answer;
        foreach (var key in keys)
        {
            writes.IdempotencyKeys.Add(key);
            loaded.IdempotencyKeys[(key.Caller, key.Key)] = new IdempotencyRecord(key.RequestHash, text);
        }
    }

    /// <summary>Nothing moves yet, but room is kept for it.</summary>
    void Begin(Decision<TValue, TRefusal> decision, int keys, LoadedState loaded, WriteSet writes)
    {
        if (keys == 0 || decision.SingleUses.Count > 0 || decision.Details.Count > 0)
            throw new InvalidOperationException(
                $"Draft {draft.Id} begins something without an entry: it needs an idempotency key, and has no single uses and details.");
        foreach (var use in decision.Uses)
            loaded.AccountState.Of(use.Owner).Apply(use);
        writes.Topics.UnionWith(decision.Topics);
    }

    void Post(Decision<TValue, TRefusal> decision, Entry entry, LoadedState loaded, WriteSet writes)
    {
        if (entry.Id != draft.Id)
            throw new InvalidOperationException($"Draft {draft.Id} decided on an entry with another id, {entry.Id}.");
        if (decision.Details.Count > 0 && entry.AttachedHash is not { Length: Attached.Length })
            throw new InvalidOperationException($"Entry {entry.Id} has an attached hash of its own; then nothing seals its details.");
        foreach (var use in decision.SingleUses)
            if (loaded.AccountState.Happened(use))
                throw new InvalidOperationException($"{use.Kind} of {use.Subject} happened already; the decision should have refused.");
        foreach (var use in decision.Uses)
            _ = loaded.AccountState.Of(use.Owner);
        foreach (var leg in entry.Legs)
            if (!leg.AccountType.IsGuarded)
                _ = checked(writes.Open.GetValueOrDefault((leg.Owner, leg.AccountType, leg.Term)) + leg.Amount);
        ApplyGuarded(entry, loaded.AccountState);

        // From here nothing may fail.
        loaded.Entries.Add(entry.Id);
        writes.Entries.Add(entry);
        for (var i = 0; i < entry.Legs.Count; i++)
        {
            var leg = entry.Legs[i];
            long? after = null;
            if (leg.AccountType is { IsGuarded: true, IsPool: false })
                after = loaded.AccountState.Of(leg.Owner).Total(leg.AccountType.Unit);
            else if (!leg.AccountType.IsGuarded)
                writes.Open[(leg.Owner, leg.AccountType, leg.Term)] =
                    writes.Open.GetValueOrDefault((leg.Owner, leg.AccountType, leg.Term)) + leg.Amount;
            writes.Postings.Add(new PostingRow(leg.Owner, entry.Id, (short)i, leg.AccountType, leg.Term, leg.Amount, after));
        }
        foreach (var use in decision.Uses)
            loaded.AccountState.Of(use.Owner).Apply(use);
        foreach (var use in decision.SingleUses)
        {
            loaded.AccountState.Load(use);
            writes.SingleUses.Add(new SingleUseRow(use, entry.Id));
        }
        foreach (var detail in decision.Details)
        {
            if (!writes.Details.TryGetValue(detail.Table, out var rows))
                writes.Details.Add(detail.Table, rows = []);
            rows.Add(detail.Row);
        }
        writes.Topics.UnionWith(decision.Topics);
    }

    static void ApplyGuarded(Entry entry, AccountState state)
    {
        var applied = 0;
        try
        {
            for (; applied < entry.Legs.Count; applied++)
                if (entry.Legs[applied] is var leg && leg.AccountType.IsGuarded && !state.Apply(leg))
                    throw new BelowFloorException(
                        FormattableString.Invariant($"{leg.AccountType} of {leg.Owner} cannot give {-leg.Amount}"));
        }
        catch
        {
            // Whatever it was (a floor, an overflow, an owner that was not named): those who are decided next see nothing of it.
            while (--applied >= 0)
                if (entry.Legs[applied].AccountType.IsGuarded)
                    state.Undo(entry.Legs[applied]);
            throw;
        }
    }

    public override bool IsAnswered => Volatile.Read(ref _isAnswered);

    public override void Answer()
    {
        Volatile.Write(ref _isAnswered, true);
        _stopping.Unregister();
        if (_failure is not null)
            _promise.TrySetException(_failure);
        else
            _promise.TrySetResult(_answer);
    }

    public override void Fail(Exception e)
    {
        Volatile.Write(ref _isAnswered, true);
        _stopping.Unregister();
        _promise.TrySetException(e);
    }
}

/// <summary>An entry with this id is in the books already.</summary>
public sealed class AlreadyPostedException(Guid id) : Exception($"Entry {id} was posted before.")
{
    public Guid Id { get; } = id;
}

/// <summary>A decision wanted more from a guarded account than it holds: the feature should have refused.</summary>
public sealed class BelowFloorException(string message) : Exception(message);

/// <summary>The books cannot be reached now. What was asked may or may not have happened: ask again with the same key.</summary>
public class LedgerUnavailableException(Exception? inner) : TransientFailureException(
    "The ledger is not available; ask again with the same key.", inner);

/// <summary>Too many wait: this was not taken, and nothing of it happened. Ask again with the same key, in a moment.</summary>
public sealed class LedgerBusyException() : LedgerUnavailableException(null);
