using Ensen.Access;
using Ensen.Basics;

namespace Ensen.Web.Members;

/// <summary>
/// What a member wanted when they had to prove first who they are, and what is done with what they had typed right after the proof: nobody
/// presses twice. Each area of the pages lists its own (<see cref="All"/>).
/// </summary>
/// <param name="Page">The page that the member came from, and goes back to.</param>
/// <param name="Do">Does it with the fields of the form as they were sent, and leads on.</param>
sealed record StepUpAct(
    StepUpPurpose Purpose, string Page, Func<HttpContext, IReadOnlyDictionary<string, string>, CancellationToken, Task<IResult>> Do)
{
    /// <summary>Where a member proves who they are.</summary>
    public const string ProofPage = "/step-up";

    /// <summary>What the page's own fields are called; they begin so that no form's field is one of them.</summary>
    public const string PurposeField = ".purpose";
    public const string WantedField = ".wanted";

    /// <summary>The proof is all that was wanted: nothing needs to have been typed before it.</summary>
    public bool IsProofAlone { get; init; }

    public static IReadOnlyList<StepUpAct> All { get; } =
        [.. SafetyForms.Acts, .. PasskeyForms.Acts, .. PasswordForms.Acts, .. FactorForms.Acts, .. ProfileForms.Acts,
            .. ContactForms.Acts, .. PayForms.Acts, .. SendForms.Acts, .. LinkForms.Acts, .. RequestForms.Acts, .. RewardForms.Acts,
            .. BankForms.Acts, .. WithdrawForms.Acts,
            .. AutoChargeForms.Acts, .. TransitForms.Acts, .. LeaveForms.Acts,
                .. Downloads.Acts];

    public static StepUpAct? Of(string? purpose) => All.FirstOrDefault(act => act.Purpose.Name == purpose);

    /// <summary>Leads to the page of the proof, with what is to be done after it.</summary>
    public static IResult Ask(HttpContext http, StepUpPurpose purpose, IReadOnlyDictionary<string, string> typed) =>
        Results.LocalRedirect(AddressOf(http, purpose, typed));

    /// <summary>The address of the page of the proof, for a script that goes there itself.</summary>
    public static string AddressOf(HttpContext http, StepUpPurpose purpose, IReadOnlyDictionary<string, string> typed) =>
        http.RequestServices.GetRequiredService<SentBack>().Address(http, ProofPage,
            new Dictionary<string, string>(typed) { [PurposeField] = purpose.Name, [WantedField] = "1" });
}
