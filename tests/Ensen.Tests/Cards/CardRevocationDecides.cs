using Ensen.Cards;
using Ensen.Staff;
using Ensen.Tests.Support;

namespace Ensen.Tests.Cards;

/// <summary>What is decided about numbers that Suzuki wants out of use.</summary>
public class CardRevocationDecides
{
    internal static RefusalTable<ProposeCardRevocationRefusal> Proposing { get; } = new("""
        refusal         may  reason  numbers  lines
        None            may  said    1        1
        None            may  said    2        100000
        Forbidden       -    -       0        0
        InvalidRequest  may  -       0        1
        InvalidRequest  may  said    1        100001
        InvalidCode     may  said    0        1
        KeyReused       before  CardRevocationTests.Under_one_key_it_is_proposed_once
        """);

    internal static RefusalTable<DecideCardRevocationRefusal> Deciding { get; } = new("""
        refusal         by      state      does
        None            Ito     Proposed   approve
        None            Suzuki  Proposed   withdraw
        None            Ito     Proposed   withdraw
        Forbidden       -       -          approve
        NotFound        Suzuki  -          approve
        SamePerson      Suzuki  Proposed   approve
        SamePerson      Suzuki  Approved   approve
        AlreadyDecided  Ito     Approved   approve
        AlreadyDecided  Ito     Withdrawn  approve
        AlreadyDecided  Suzuki  Approved   withdraw
        """);

    static readonly PersonId s_suzuki = new(Guid.Parse("00000000-0000-7000-8000-00000000000d"));
    static readonly PersonId s_ito = new(Guid.Parse("00000000-0000-7000-8000-00000000000e"));

    [Fact]
    public void Each_proposal_is_decided_as_the_table_says() => Proposing.ShouldHold(row => ProposeCardRevocation.Decide(
        row.In("may").Say("may"), row.In("reason").Say("said") ? "Found for sale" : "", Number(row.In("numbers")), Number(row.In("lines"))));

    [Fact]
    public void Each_decision_is_as_the_table_says() => Deciding.ShouldHold(row =>
    {
        var by = string.Concat(row.In("by").Words) switch
        {
            "" => null,
            var name => new Operator { Person = name == "Ito" ? s_ito : s_suzuki },
        };
        var found = string.Concat(row.In("state").Words) is { Length: > 0 } state
            ? new CardRevocation(new CardRevocationId(Guid.CreateVersion7()), Enum.Parse<CardRevocationState>(state), "Found for sale", 1, 0,
                FourEyes.Kept(s_suzuki), default, 0, 0, 0)
            : null;
        return DecideCardRevocation.Decide(by, found, row.In("does").Say("approve"));
    });

    static int Number(CellWords cell) => int.Parse(cell.Words.Single(), null);
}
