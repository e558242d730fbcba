using System.Globalization;
using System.Text.Json;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Tests.Formats;

namespace Ensen.Tests.Bugs;

/// <summary>
/// "1200.50" became 120,050 yen, "１万" one yen, "1e3" thirteen; full-width digits were read in some fields and not in others. One table
/// of examples holds the server's reader and the pages' script to each other.
/// </summary>
public class WhatIsTypedBecameAnotherAmount
{
    sealed record Example(string Kind, string Typed, string Is);

    [Fact]
    public void The_server_reads_each_example_as_it_is_meant_or_not_at_all()
    {
        foreach (var (kind, typed, meant) in Examples())
            Read(kind, typed).ShouldBe(meant, $"{kind}: «{typed}»");
    }

    [Fact]
    public void The_script_of_the_pages_reads_each_example_as_the_server_does()
    {
        var examples = Examples();
        var read = Judges.Ask<string[]>("typed-digits.mjs", examples.Select(e => new { kind = e.Kind, typed = e.Typed }).ToArray());
        for (var i = 0; i < examples.Count; i++)
            read[i].ShouldBe(examples[i].Is, $"{examples[i].Kind}: «{examples[i].Typed}»");
    }

    [Theory]
    [InlineData("\u202d090-1234-5678\u202c")]
    [InlineData("\u200e090-1234-5678")]
    [InlineData("090–1234–5678")]
    [InlineData("090―1234―5678")]
    [InlineData("090ｰ1234ｰ5678")]
    [InlineData("090\u00a01234\u00a05678")]
    [InlineData("０９０（１２３４）５６７８")]
    [InlineData("\u202a+81 90-1234-5678\u202c")]
    public void A_telephone_number_pasted_from_contacts_is_taken(string pasted)
    {
        TelephoneNumber.TryParse(pasted, out var number).ShouldBeTrue();
        number.ShouldBe("+819012345678");
    }

    [Theory]
    [InlineData("090-123-4567")]
    [InlineData("+81 90 123 4567")]
    [InlineData("050-1234-567")]
    public void A_mobile_number_with_a_digit_missing_is_refused(string typed) => TelephoneNumber.TryParse(typed, out _).ShouldBeFalse();

    static string Read(string kind, string typed) => kind == "amounts"
        ? TypedDigits.TryWhole(typed, out var value) ? value.ToString(CultureInfo.InvariantCulture) : "null"
        : TypedDigits.Number(typed) ?? "null";

    static List<Example> Examples()
    {
        using var file = JsonDocument.Parse(Judges.Vectors("typed-digits.json"));
        List<Example> examples = [.. new[] { "amounts", "numbers" }.SelectMany(kind => file.RootElement.GetProperty(kind).EnumerateArray()
            .Select(e => new Example(kind, e.GetProperty("typed").GetString()!, e.GetProperty("is").ValueKind == JsonValueKind.Null ? "null"
                : e.GetProperty("is").ToString())))];
        examples.Count.ShouldBeGreaterThan(90);
        return examples;
    }
}
