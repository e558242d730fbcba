using Dapper;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Points;
using Ensen.Staff;
using Ensen.Storage;

namespace Ensen.Operations;

/// <summary>Points that an operator wants to give a member.</summary>
/// <param name="LastDay">The day through which they live: today at the earliest, at the latest that of points earned today.</param>
/// <param name="Reason">The member reads it in the history.</param>
/// <param name="Key">The caller's own name for the request, by which a repeat is the same proposal; null where there is none.</param>
public sealed record ProposeGoodwillRequest(
    MemberId Member, long Points, JapanDay LastDay, string Reason, ActingOperator By, string? Key = null);

/// <summary>Why they cannot be proposed; the names are the contract's codes.</summary>
public enum ProposeGoodwillRefusal
{
    None = 0,

    /// <summary>The reason is missing or longer than a line of 200 characters, or the last day is none that points may have.</summary>
    InvalidRequest = 1,

    /// <summary>No number of points, or more than the programme gives as goodwill at once.</summary>
    InvalidAmount = 2,

    /// <summary>There is no such member.</summary>
    NotFound = 3,
    MemberLeft = 4,

    /// <summary>Whoever asks may not.</summary>
    Forbidden = 5,

    /// <summary>Something else was proposed under this key.</summary>
    KeyReused = 6,
}

/// <summary>
/// The first of the two people: whom to give how many points, until when and why. Nothing is given yet. What came back to a lot whose day
/// was over lapsed, and stays so: goodwill is another lot, with a day of its own.
/// </summary>
public sealed class ProposeGoodwill(Database db, Operators operators, OperatorLog log, Programme programme, TimeProvider clock)
{
    public async Task<Answer<GoodwillProposal, ProposeGoodwillRefusal>> Run(ProposeGoodwillRequest request, CancellationToken ct = default)
    {
        if (await operators.Acting(request.By, OperatorRoles.Corrections, ct) is not { } by) return ProposeGoodwillRefusal.Forbidden;
        Member? member;
        await using (var connection = await db.Connect(ct))
            member = await MemberDirectory.Read(connection, request.Member);
        var now = clock.Now();
        if (Decide(request, member, JapanDay.Of(now), programme.Points) is not ProposeGoodwillRefusal.None and var refusal) return refusal;

        var proposal = new GoodwillProposal(Id.New<GoodwillId>(now), request.Member, new PointAmount(request.Points), request.LastDay,
            request.Reason.Trim(), FourEyes.Kept(by.Person), now);
        var under = request.Key is null ? null : $"{by.Id} {request.Key}";
        var kept = await db.Transact(async tx =>
        {
            var isNew = await tx.Connection!.ExecuteAsync(
                """
                insert into goodwill_proposal (id, member, points, last_day, reason, proposed_by, at_ms, proposed_under)
                values (@Id, @Member, @points, @lastDay, @Reason, @ProposedBy, @at, @under)
                on conflict (proposed_under) do nothing
                """,
                new
                {
                    proposal.Id,
                    proposal.Member,
                    points = proposal.Points.Value,
                    lastDay = proposal.LastDay.Number,
                    proposal.Reason,
                    proposal.ProposedBy,
                    at = now.ToUnixTimeMilliseconds(),
                    under,
                }, tx) == 1;
            if (!isNew)
                return await GoodwillProposals.Under(tx.Connection!, under!, tx);
            await log.Append(tx, OperatorAct.ProposedGoodwill, by, request.By, proposal.Id.ToString(), proposal.Reason,
                FormattableString.Invariant($"{request.Member} {request.Points} pt {request.LastDay}"));
            return proposal;
        }, ct);
        if (kept is null || kept.Id == proposal.Id) return proposal;
        return kept.Member == proposal.Member && kept.Points == proposal.Points && kept.LastDay == proposal.LastDay
            && kept.Reason == proposal.Reason
                ? ((Answer<GoodwillProposal, ProposeGoodwillRefusal>)kept).AsReplay() : ProposeGoodwillRefusal.KeyReused;
    }

    /// <summary>The checks, in the order of the refusals.</summary>
    internal static ProposeGoodwillRefusal Decide(ProposeGoodwillRequest request, Member? member, JapanDay today, PointRules rules)
    {
        if (!OperatorLine.IsOne(request.Reason) || request.LastDay < today || request.LastDay > Earn.LastDay(today))
            return ProposeGoodwillRefusal.InvalidRequest;
        if (request.Points < 1 || request.Points > rules.GoodwillMost) return ProposeGoodwillRefusal.InvalidAmount;
        return member switch
        {
            null => ProposeGoodwillRefusal.NotFound,
            { HasLeft: true } => ProposeGoodwillRefusal.MemberLeft,
            _ => ProposeGoodwillRefusal.None,
        };
    }
}
