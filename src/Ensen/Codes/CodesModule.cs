using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Ensen.Codes;

/// <summary>Codes that members show to be scanned, and the keys of the programme's own codes.</summary>
public static class CodesModule
{
    static readonly SingleUseKind s_codeUsed = new(1, "CodeUsed", "the use of shown code {0}", "id");

    extension(SingleUseKind)
    {
        /// <summary>A shown code was used. Subject: the code's id.</summary>
        public static SingleUseKind CodeUsed => s_codeUsed;
    }

    public static Module Module { get; } = new("Codes")
    {
        Declares =
        [
            Schema.Of(typeof(CodesModule)),
            PersonalTable.Exported("shown_code", "shownCodes", "member_id = @member")
                .Moment("made_ms").Moment("expires_ms").Number("points_to_use").Without("id", "digits_hash", "member_id", "session_id")
                .Erased(),
            s_codeUsed,
            Job.Of<ShowCode>("lapsed codes", "codes that nobody can use any more are forgotten", TimeSpan.FromHours(1),
                TimeSpan.FromMinutes(30), (codes, ct) => codes.Sweep(ct)),
        ],
        Services = services => services
            .AddInstallationKey(CodeKeys.Name, CodeKeys.Bytes, secret => new CodeKeys(secret))
            .AddSingleton<ShowCode>(),
    };
}
