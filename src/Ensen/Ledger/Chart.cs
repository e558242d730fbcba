namespace Ensen.Ledger;

/// <summary>The owner of the programme's own accounts.</summary>
public static class Chart
{
    public static readonly Guid Operator = new("00000000-0000-7000-8000-000000000001");
}
