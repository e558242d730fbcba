using Ensen.Web.Edge;
using Microsoft.Extensions.Localization;

namespace Ensen.Web.Texts;

/// <summary>
/// Why something was not done, in the words of the page's language: one text a code of the contract (Refusals.resx), which programs,
/// members and tills share. The staff at a till read another text only where one stands under the code with <c>.till</c> behind it: what
/// the payer is to do, the staff cannot do for the payer, and how the payer's wallet stands is not theirs to know.
/// </summary>
public sealed class Refusals(IStringLocalizer<Refusals> texts)
{
    const string ForTheTill = ".till";

    /// <summary>As payers and programs read it. A code that the contract does not have is told as a request that cannot be read.</summary>
    public string Of(string code) => Text(code) ?? texts["invalid_request"];

    /// <inheritdoc cref="Of(string)"/>
    public string Of<TRefusal>(TRefusal refusal)
        where TRefusal : struct, Enum => Of(Problem.Code(refusal.ToString()));

    /// <summary>As the staff at a till read it.</summary>
    public string AtTill(string code) => Text(code + ForTheTill) ?? Of(code);

    /// <inheritdoc cref="AtTill(string)"/>
    public string AtTill<TRefusal>(TRefusal refusal)
        where TRefusal : struct, Enum => AtTill(Problem.Code(refusal.ToString()));

    string? Text(string key) => texts[key] is { ResourceNotFound: false } found ? found.Value : null;
}
