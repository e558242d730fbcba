using System.Text.Json.Serialization.Metadata;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Withdrawals;

/// <summary>What the bank said was booked; <paramref name="First"/> is false for those who find it so.</summary>
[StoredAs("withdrawal-ended")]
public sealed record WithdrawalEnded(WithdrawalId WithdrawalId, WithdrawalEnding How, bool First);

/// <summary>
/// Books what the bank says of a withdrawal. What it says first ends it: paid, or given back to the money that it was, for which room was
/// kept. Should it say the contrary later, that is booked once more and no yen is made of it: what comes back is the member's where there
/// is room, and what was paid after all is missing in suspense, where somebody has to look.
/// </summary>
public sealed class EndWithdrawal(Database db, GeneralLedger ledger, Outbox outbox, Programme programme, TimeProvider clock)
{
    public async Task Run(WithdrawalRow row, Reply reply, CancellationToken ct = default)
    {
        Member? member;
        await using (var connection = await db.Connect(ct))
            member = await MemberDirectory.Read(connection, row.Member);
        var now = clock.Now();
        var cap = member is null ? 0 : Payer.Of(member, now).BalanceCap(programme);
        await ledger.Post(new EndDraft(row, reply, member, cap, Id.New<EntryId>(now, row.Member), now, outbox), ct);
    }

    /// <summary>What the answer comes to; null when it says nothing new.</summary>
    internal static WithdrawalEnding? Decide(WithdrawalRow row, bool isPaid, AccountState state, long cap)
    {
        if (!state.Happened(Ended(row.EntryId)))
            return isPaid ? WithdrawalEnding.Paid : WithdrawalEnding.GivenBack;
        if (state.Happened(Contradicted(row.EntryId)) || isPaid == state.Happened(Ended(row.EntryId, WithdrawalEnding.Paid)))
            return null;
        if (isPaid)
            return WithdrawalEnding.PaidAfterAll;
        var member = state.Of(row.Member);
        return member.HasLeft || member.Total(Unit.Yen) + member.Arriving + row.AmountYen.Value > cap
            ? WithdrawalEnding.CameBackToSuspense : WithdrawalEnding.CameBack;
    }

    static IReadOnlyList<Leg> LegsOf(WithdrawalRow row, WithdrawalEnding how) => how switch
    {
        WithdrawalEnding.Paid =>
            [Leg.Of(row.EntryId, AccountType.WithdrawalTransit, -row.AmountYen), Bank(row.AmountYen)],
        WithdrawalEnding.GivenBack =>
            [Leg.Of(row.EntryId, AccountType.WithdrawalTransit, -row.AmountYen), Leg.Of(row.Member, AccountType.Money, row.AmountYen)],
        WithdrawalEnding.CameBack => [Bank(-row.AmountYen), Leg.Of(row.Member, AccountType.Money, row.AmountYen)],
        WithdrawalEnding.CameBackToSuspense => [Bank(-row.AmountYen), Leg.Of(Chart.Operator, AccountType.Suspense, row.AmountYen)],
        WithdrawalEnding.PaidAfterAll => [Bank(row.AmountYen), Leg.Of(Chart.Operator, AccountType.Suspense, -row.AmountYen)],
        _ => throw new ArgumentOutOfRangeException(nameof(how), how, null),
    };

    static Leg Bank(Yen amount) => Leg.Of(Chart.Operator, AccountType.BankClearing, amount);

    /// <summary>The first answer, whatever it was; and which it was.</summary>
    internal static SingleUse Ended(WithdrawalId id, WithdrawalEnding how = 0) => new(SingleUseKind.WithdrawalEnded, id, (int)how);

    internal static SingleUse Contradicted(WithdrawalId id) => new(SingleUseKind.WithdrawalAnsweredAgain, id);

    sealed class EndDraft(
        WithdrawalRow row, Reply reply, Member? told, long cap, EntryId id, DateTimeOffset now, Outbox outbox)
        : Draft<WithdrawalEnded, WithdrawRefusal>
    {
        bool IsPaid => reply.Kind == ReplyKind.Accepted;

        public override Guid Id => id;
        public override IReadOnlyList<Guid> Owners { get; } = [row.Member, row.EntryId];
        public override IReadOnlyList<SingleUse> SingleUses { get; } =
            [Ended(row.EntryId), Ended(row.EntryId, WithdrawalEnding.Paid), Contradicted(row.EntryId)];
        public override bool IsPatient => true;
        public override bool IsAlone => true;
        public override JsonTypeInfo<WithdrawalEnded> Json => WithdrawalsJson.Default.WithdrawalEnded;
        public override WithdrawRefusal Reused(IdempotencyKey key) => WithdrawRefusal.KeyReused;

        public override Decision<WithdrawalEnded, WithdrawRefusal> Decide(AccountState state)
        {
            if (EndWithdrawal.Decide(row, IsPaid, state, cap) is not { } how)
                return new Decision<WithdrawalEnded, WithdrawRefusal>(new WithdrawalEnded(row.EntryId, default, First: false));

            // From here nothing may fail.
            var isFirst = how is WithdrawalEnding.Paid or WithdrawalEnding.GivenBack;
            var end = new WithdrawalEndRow(id, row.EntryId, row.AmountYen, (short)how, reply.Reason, now.ToUnixTimeMilliseconds());
            return new Decision<WithdrawalEnded, WithdrawRefusal>(new WithdrawalEnded(row.EntryId, how, First: true))
            {
                Entry = new Entry(id, KindOf(how), now, Initiator.Job(WithdrawalWork.Kind), LegsOf(row, how)) { Corrects = row.EntryId },
                SingleUses = isFirst ? [Ended(row.EntryId), Ended(row.EntryId, how)] : [Contradicted(row.EntryId)],
                Uses = !isFirst ? [] : how == WithdrawalEnding.Paid ? [Room] : [Room, NotCounted],
                Details = [(isFirst ? WithdrawalEndRow.Ends : WithdrawalEndRow.Contradictions).Row(end)],
                Topics = [Topics.OfMember(row.Member)],
                Alongside = async (tx, _) =>
                {
                    if (Told(how) is { } what && told is { HasLeft: false } && Notice.Of(what, told, at: now) is { } notice)
                        await (notice with { Account = row.Told, Yen = row.AmountYen.Value }).Add(outbox, tx, Ensen.Basics.Id.New(now));
                },
            };
        }

        /// <summary>The room that was kept for it to come back.</summary>
        LimitUse Room => LimitUse.OnTheWay(row.Member, -row.AmountYen.Value);

        /// <summary>What was not paid counts against no cap of the day on which it was asked for.</summary>
        LimitUse NotCounted => new(row.Member, LimitKind.Withdrawal, -row.AmountYen.Value, JapanDay.Of(row.At));

        /// <summary>What the member is told; null for what is ours to look into.</summary>
        static NoticeKind? Told(WithdrawalEnding how) => how switch
        {
            WithdrawalEnding.Paid => NoticeKind.WithdrawalPaid,
            WithdrawalEnding.GivenBack or WithdrawalEnding.CameBack => NoticeKind.WithdrawalReturned,
            _ => null,
        };

        static EntryKind KindOf(WithdrawalEnding how) => how switch
        {
            WithdrawalEnding.Paid => EntryKind.WithdrawalPaid,
            WithdrawalEnding.GivenBack => EntryKind.WithdrawalReturn,
            _ => EntryKind.WithdrawalContradicted,
        };
    }
}
