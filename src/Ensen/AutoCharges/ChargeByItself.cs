using System.Collections.Concurrent;
using System.Data.Common;
using Ensen.Banking;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Storage;
using Ensen.Wallet;
using Microsoft.Extensions.Logging;

namespace Ensen.AutoCharges;

/// <summary>
/// Charges wallets that hold less than their members want. A job, after the payments that set it off, so that none waits for it. One charge
/// of a member's is under way at most: it is claimed with its amount against the month's cap in one step, and carried out under the claimed
/// key, by whoever finds it. What the bank refuses turns it off; it is not tried in a loop. Only what is paid sets a charge off: what is
/// sent away or withdrawn is not filled up again, so that no money goes round in circles, and no thief has more than there is.
/// </summary>
public sealed class ChargeByItself(
    Database db, Charge charge, MemberDirectory members, Outbox outbox, TimeProvider clock, ILogger<ChargeByItself> log)
{
    internal const string JobName = "auto charges";

    /// <summary>What the keys of these charges begin with.</summary>
    internal const string KeyPrefix = "auto-charge ";
    const int Bite = 200;

    /// <summary>So many are looked at at once: one waits for the bank and keeps the others from nothing.</summary>
    const int AtOnce = 8;

    /// <summary>So many are taken on for a member in a day, whatever is paid.</summary>
    internal const int MostADay = 3;

    /// <summary>What cannot be charged now (its day's cap is used, the wallet is full) is not tried again before.</summary>
    static readonly TimeSpan s_rest = TimeSpan.FromHours(1);

    /// <summary>
    /// Everybody whose wallet is below what they want. Half and then whole it ends in the same state. Whoever cannot be looked at holds up
    /// nobody else, and is heard of when all have been.
    /// </summary>
    public async Task Run(CancellationToken ct = default)
    {
        IReadOnlyList<MemberId> due;
        ConcurrentQueue<Exception> failed = [];
        for (var after = default(MemberId); ; after = due[^1])
        {
            await using (var connection = await db.Connect(ct))
                due = await AutoChargeRows.Due(connection, after, WalletModule.Spendable.Select(t => t.Number), clock.GetUtcNow(), Bite);
            var waiting = new ConcurrentQueue<MemberId>(due);
            await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => LookAtEach(waiting)));
            if (due.Count < Bite)
                break;
        }
        if (!failed.IsEmpty)
            throw new AggregateException($"{failed.Count} wallets could not be charged by themselves", failed);

        async Task LookAtEach(ConcurrentQueue<MemberId> waiting)
        {
            while (waiting.TryDequeue(out var member))
                try
                {
                    await Look(member, ct);
                }
                catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested)
                {
                    log.LogError(e, "The wallet of {Member} could not be charged by itself", member);
                    failed.Enqueue(e);
                }
        }
    }

    async Task Look(MemberId id, CancellationToken ct)
    {
        var now = clock.Now();
        AutoCharge setting;
        long held, paid;
        bool isRestricted;
        await using (var connection = await db.Connect(ct))
        {
            if (await AutoChargeRows.Find(connection, id) is not { } found)
                return;
            setting = found;
            // Before what is held: a payment between the two is one that the next charge is set off by.
            paid = await AutoChargeRows.Paid(connection, id);
            held = await Accounts.Sum(connection, id, WalletModule.Spendable);
            isRestricted = (await Restrictions.Of(connection, db.Catalogue, id, now))
                .Any(r => r.Kind == RestrictionKind.Frozen || r.Kind == RestrictionKind.LowCaps);
        }
        if (setting.ChargeKey is { } underWay)
        {
            await CarryOut(setting, underWay, isRestricted, ct);
            return;
        }
        if (isRestricted || !IsDue(setting, held, paid, now))
            return;
        var key = KeyPrefix + Id.Bare(Id.New(now));
        if (await db.Transact(tx => AutoChargeRows.Claim(tx, setting, key, now, paid), ct))
            await CarryOut(setting with { ChargeKey = key, ChargeYen = setting.AmountYen }, key, isRestricted: false, ct);
    }

    /// <summary>Whether something is to be charged now: less is held than wanted, and something was paid since the last charge.</summary>
    internal static bool IsDue(AutoCharge setting, long held, long paid, DateTimeOffset now) =>
        setting.State == AutoChargeState.On && now.ToUnixTimeMilliseconds() >= setting.RestMs
        && held < setting.BelowYen.Value && (setting.PaidMark is not { } mark || paid > mark)
        && setting.ChargesOn(JapanDay.Of(now)) < MostADay
        && setting.AmountYen <= setting.LeftIn(JapanDay.Of(now).Month);

    /// <summary>
    /// The charge under its key: asked for once, and found by whoever comes later. What was turned off before it was asked for is not.
    /// </summary>
    async Task CarryOut(AutoCharge setting, string key, bool isRestricted, CancellationToken ct)
    {
        var id = setting.Member;
        var once = IdempotencyKey.Of(id, key, "auto charge", setting.ChargeYen.Value);
        var row = await Find(once, ct);
        if (row is null)
        {
            if (await members.Find(id, ct) is not { } member)
                return;
            if (isRestricted || await Ask(member, setting, key, once, ct) is not { } answer)
            {
                await GiveUp(id, key, once, ct);
                return;
            }
            if (!answer.Accepted)
            {
                await Fail(id, key, StopsFor(answer.Refusal), ct);
                return;
            }
            row = await Find(once, ct);
        }
        if (row is { State: ChargeState.Completed })
            await Complete(id, key, row, ct);
        else if (row is { State: ChargeState.Failed })
            await Fail(id, key, row.Reason ?? "refused", ct);
    }

    /// <summary>Null where it was turned off since it was taken on, or somebody else ended it.</summary>
    async Task<Answer<Charged, ChargeRefusal>?> Ask(
        Member member, AutoCharge setting, string key, IdempotencyKey once, CancellationToken ct)
    {
        try
        {
            return await charge.Run(
                new ChargeRequest(Payer.Of(member, clock.GetUtcNow()), ChargeSource.Bank, setting.ChargeYen, once)
                {
                    Alongside = async tx =>
                    {
                        if (!await AutoChargeRows.Holds(tx, member.Id, key))
                            throw new TurnedOffException();
                    },
                }, ct);
        }
        catch (TurnedOffException)
        {
            return null;
        }
    }

    async Task<ChargeRow?> Find(IdempotencyKey key, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        return await Charges.Find(connection, key);
    }

    /// <summary>What will be no better tomorrow turns it off; null for what only rests.</summary>
    internal static string? StopsFor(ChargeRefusal refusal) => refusal switch
    {
        ChargeRefusal.NotVerified => "not_verified",
        ChargeRefusal.NoBankAccount => "no_bank_account",
        ChargeRefusal.MemberLeft => "member_left",
        ChargeRefusal.InvalidAmount => "invalid_amount",
        _ => null,
    };

    async Task Complete(MemberId id, string key, ChargeRow row, CancellationToken ct)
    {
        var done = await db.Transact(async tx =>
        {
            if (!await AutoChargeRows.Complete(tx, id, key))
                return false;
            var account = await BankAccounts.Of(tx.Connection!, id, tx) is [var first, ..] ? first.Told : "";
            await Tell(tx, id, NoticeKind.AutoCharged, n => n with { Yen = row.CreditedYen.Value, Account = account });
            return true;
        }, ct);
        if (done)
            outbox.Wake();
    }

    async Task Fail(MemberId id, string key, string? stop, CancellationToken ct)
    {
        var rest = (clock.GetUtcNow() + s_rest).ToUnixTimeMilliseconds();
        var done = await db.Transact(async tx =>
        {
            if (!await AutoChargeRows.Fail(tx, id, key, stop, rest))
                return false;
            if (stop is not null && await AutoChargeRows.Find(tx.Connection!, id, tx) is { State: AutoChargeState.Stopped })
                await Tell(tx, id, NoticeKind.AutoChargeStopped, n => n);
            return true;
        }, ct);
        if (done)
            outbox.Wake();
    }

    /// <summary>
    /// It was not asked for, and is not any more. Whoever took it on may be asking at this moment: what they have asked for counts.
    /// </summary>
    Task GiveUp(MemberId id, string key, IdempotencyKey once, CancellationToken ct)
    {
        var rest = (clock.GetUtcNow() + s_rest).ToUnixTimeMilliseconds();
        return db.Transact(async tx =>
        {
            if (await AutoChargeRows.Keep(tx, id, key) && await Charges.Find(tx.Connection!, once, tx) is null)
                await AutoChargeRows.Fail(tx, id, key, stop: null, rest);
        }, ct);
    }

    async Task Tell(DbTransaction tx, MemberId id, NoticeKind what, Func<Notice, Notice> with)
    {
        var now = clock.Now();
        if (await MemberDirectory.Read(tx.Connection!, id, tx) is { HasLeft: false } member
            && Notice.Of(what, member, at: now) is { } notice)
            await with(notice).Add(outbox, tx, Id.New(now));
    }

    /// <summary>In the charge's own transaction: it is not wanted any more.</summary>
    sealed class TurnedOffException : Exception;
}
