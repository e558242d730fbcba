using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ensen.Basics;
using Ensen.Formats;
using Ensen.Members;

namespace Ensen.Identity;

/// <summary>What is wrong with what was typed, in the order it is checked; the names are the contract's codes.</summary>
public enum DetailsFault
{
    None = 0,
    InvalidName = 1,
    InvalidKana = 2,

    /// <summary>No day of the calendar, one that is yet to come, or one that nobody living was born on.</summary>
    InvalidBirthDate = 3,
    InvalidAddress = 4,
}

/// <summary>
/// Who a member says they are, as it stands on their document: name, name in kana, day of birth (yyyy-mm-dd), address.
/// </summary>
public sealed record PersonalDetails(string Name, string Kana, string BornOn, string Address)
{
    public const int LongestAddress = 200;
    const int Oldest = 130;

    [JsonIgnore]
    public JapanDay Born => JapanDay.Parse(BornOn);

    /// <summary>Everything that is wrong with it, so that a form can say it all at once.</summary>
    public static IReadOnlyList<DetailsFault> Faults(PersonalDetails typed, JapanDay today)
    {
        var faults = new List<DetailsFault>();
        if (!OneLineName.TryParse(typed.Name, out _))
            faults.Add(DetailsFault.InvalidName);
        if (!TryKana(typed, out _))
            faults.Add(DetailsFault.InvalidKana);
        if (!TryDay(typed.BornOn, today, out _))
            faults.Add(DetailsFault.InvalidBirthDate);
        if (!OneLineName.TryParse(typed.Address, LongestAddress, out _))
            faults.Add(DetailsFault.InvalidAddress);
        return faults;
    }

    /// <summary>As it is kept: full-width katakana, digits of one kind, no spaces at the ends.</summary>
    public static bool TryRead(PersonalDetails typed, JapanDay today, out PersonalDetails read)
    {
        read = typed;
        if (!OneLineName.TryParse(typed.Name, out var name) || !TryKana(typed, out var kana)
            || !TryDay(typed.BornOn, today, out var born) || !OneLineName.TryParse(typed.Address, LongestAddress, out var address))
            return false;
        read = new PersonalDetails(name, kana, born.ToString(), address);
        return true;
    }

    /// <summary>The day on which the person comes of age.</summary>
    public JapanDay AdultOn(IdentityRules rules) => new(Born.Date.AddYears(rules.AdultYears));

    /// <summary>Latin letters are the kana of nobody whose name is written in kana or Chinese characters.</summary>
    static bool TryKana(PersonalDetails typed, [NotNullWhen(true)] out string? kana) =>
        KanaName.TryParse(typed.Kana, out kana) && !(KanaName.IsLatin(kana) && KanaName.IsInKanaOrKanji(typed.Name));

    /// <summary>A day of birth as people type one.</summary>
    internal static bool TryDay(string? text, JapanDay today, out JapanDay day)
    {
        day = default;
        var digits = (text ?? "").Trim().Normalize(NormalizationForm.FormKC);
        if (!DateOnly.TryParseExact(
            digits, ["yyyy-MM-dd", "yyyy/M/d", "yyyyMMdd"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            return false;
        day = new JapanDay(date);
        return day <= today && date >= today.Date.AddYears(-Oldest);
    }

    internal static async Task<byte[]> Keep(
        DbTransaction tx, MemberKeys keys, MemberId member, VerificationId id, PersonalDetails details) =>
        await keys.Protect(tx, member, What(id), JsonSerializer.SerializeToUtf8Bytes(details, DetailsJson.Default.PersonalDetails));

    /// <summary>Null where nothing was kept, or the member's key was destroyed.</summary>
    internal static async Task<PersonalDetails?> Read(
        DbConnection connection, MemberKeys keys, MemberId member, VerificationId id, byte[]? kept, DbTransaction? tx = null) =>
        await keys.Unprotect(connection, member, What(id), kept, tx) is { } clear
            ? JsonSerializer.Deserialize(clear, DetailsJson.Default.PersonalDetails)
            : null;

    static string What(VerificationId id) => $"details {id}";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PersonalDetails))]
sealed partial class DetailsJson : JsonSerializerContext;
