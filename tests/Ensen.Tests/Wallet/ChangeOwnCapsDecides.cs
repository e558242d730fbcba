using Ensen.Access;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Wallet;

/// <summary>
/// What <see cref="ChangeOwnCaps"/> decides on 1 June 2026 about a verified member (500,000 a payment and a day, 1,000,000 a month), and which
/// caps hold then: at once, and a day later. Caps are written as payment/day/month; a dash is none of one's own.
/// </summary>
public class ChangeOwnCapsDecides
{
    internal static RefusalTable<ChangeOwnCapsRefusal> Table { get; } = new("""
        refusal         has            waits          asks                    proof   then           later
        None            -/-/-          no             1000/2000/3000          none    1000/2000/3000  no
        None            1000/2000/-    no             1000/2000/-             none    1000/2000/-    no
        None            1000/2000/-    no             1000/1000/-             none    1000/1000/-    no
        None            1000/2000/-    no             1000/2000/1000000       none    1000/2000/-    no
        None            1000/2000/-    no             1000/2001/-             proven  1000/2000/-    1000/2001/-
        None            1000/2000/-    no             500/3000/-              proven  500/2000/-     500/3000/-
        None            1000/2000/-    no             -/-/-                   proven  1000/2000/-    -/-/-
        None            1000/2000/-    no             500000/500000/1000000   proven  1000/2000/-    -/-/-
        None            1000/2000/-    -/3000/-       1000/2000/-             none    1000/2000/-    no
        None            1000/2000/-    -/3000/-       1000/1999/-             none    1000/1999/-    no
        None            1000/2000/-    -/3000/-       -/3000/-                none    1000/2000/-    -/3000/-
        None            1000/2000/-    -/3000/-       -/2500/-                proven  1000/2000/-    -/2500/-
        None            1000/2000/-    -/3000/- due   -/3000/-                none    -/3000/-       no
        None            1000/2000/-    -/3000/- due   -/2999/-                none    -/2999/-       no
        InvalidAmount   1000/2000/-    no             0/500001/-              none    1000/2000/-    no
        InvalidAmount   1000/2000/-    no             1000000000/2000/-       proven  1000/2000/-    no
        InvalidAmount   1000/2000/-    no             1000/-1/-               proven  1000/2000/-    no
        OverLimit       1000/2000/-    no             1000/500001/-           none    1000/2000/-    no
        OverLimit       1000/2000/-    no             1000/2000/1000001       proven  1000/2000/-    no
        StepUpRequired  1000/2000/-    no             1000/2001/-             none    1000/2000/-    no
        StepUpRequired  1000/2000/-    no             500/-/-                 none    1000/2000/-    no
        StepUpRequired  1000/2000/-    -/3000/-       -/2500/-                none    1000/2000/-    -/3000/-
        StepUpRequired  1000/2000/-    -/3000/- due   -/3001/-                none    -/3000/-       no
        """);

    static readonly DateTimeOffset s_now = new(2026, 6, 1, 9, 0, 0, TimeSpan.FromHours(9));
    static readonly MemberId s_member = new(Guid.Parse("00000000-0000-7000-8000-000000000001"));

    [Fact]
    public void Each_case_is_decided_as_the_table_says() => Table.ShouldHold(row =>
    {
        var (has, waits, asks) = (Of(row.Cells["has"]), row.Cells["waits"], Of(row.Cells["asks"]));
        var before = SpendingLimit.Fresh(s_member, LimitKind.Pay) with
        {
            PerMovement = has.Each,
            PerDay = has.Day,
            PerMonth = has.Month,
            Raised = waits == "no" ? null : Raised(Of(waits.Split(' ')[0]), waits.EndsWith("due", StringComparison.Ordinal)
                ? s_now : s_now.AddMilliseconds(1)),
        };
        var caller = new Caller(new SessionId(Guid.Empty), Subject.Member(s_member), s_member);

        var refusal = ChangeOwnCaps.Decide(
            new OwnCapsRequest(new Payer(s_member, Verified: true), new OwnCaps(asks.Each?.Yen(), asks.Day?.Yen(), asks.Month?.Yen()),
                new StepUpProof(caller)),
            before, row.In("proof").Say("proven"), s_now, new Programme(), out var after);

        var own = after.At(s_now);
        (own.PerMovement, own.PerDay, own.PerMonth).ShouldBe(Of(row.Cells["then"]), row.ToString());
        if (row.Cells["later"] == "no")
            own.Raised.ShouldBeNull(row.ToString());
        else
        {
            var later = own.At(s_now.AddHours(24));
            (later.PerMovement, later.PerDay, later.PerMonth).ShouldBe(Of(row.Cells["later"]), row.ToString());
            var from = refusal == ChangeOwnCapsRefusal.None && row.Cells["later"] != waits ? s_now.AddHours(24) : s_now.AddMilliseconds(1);
            own.Raised!.From.ShouldBe(from, row.ToString());
        }
        return refusal;
    });

    static RaisedCaps Raised((long? Each, long? Day, long? Month) caps, DateTimeOffset from) => new(caps.Each, caps.Day, caps.Month, from);

    static (long? Each, long? Day, long? Month) Of(string text)
    {
        var parts = text.Split('/').Select(p => p == "-" ? (long?)null : long.Parse(p, System.Globalization.CultureInfo.InvariantCulture))
            .ToList();
        return (parts[0], parts[1], parts[2]);
    }
}
