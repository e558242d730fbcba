using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Points;
using Ensen.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Ensen.Operations;

/// <summary>What keeps the programme in order: the close of days, verifying, corrections, restrictions.</summary>
public static class OperationsModule
{
    static readonly EntryKind s_correction = new(6, "Correction", "cor", "edit");
    static readonly SingleUseKind s_posted = new(6, "CorrectionPosted", "the posting of {0}", "cor");

    static readonly EntryKind s_goodwill = new(32, "Goodwill", EntryId.Prefix, "points");
    static readonly SingleUseKind s_goodwillPosted = new(26, "GoodwillPosted", "the giving of {0}", GoodwillId.Prefix);

    static readonly EntryKind s_leaving = new(7, "Leaving", EntryId.Prefix, "out");

    extension(EntryKind)
    {
        /// <summary>A member left the programme, and the points that were left went to breakage.</summary>
        public static EntryKind Leaving => s_leaving;

        /// <summary>Two operators set right what an earlier entry did; it names that entry.</summary>
        public static EntryKind Correction => s_correction;

        /// <summary>Two operators gave a member points.</summary>
        public static EntryKind Goodwill => s_goodwill;
    }

    extension(SingleUseKind)
    {
        /// <summary>A proposed correction was posted. Subject: the proposal.</summary>
        public static SingleUseKind CorrectionPosted => s_posted;

        /// <summary>Proposed goodwill was given. Subject: the proposal.</summary>
        public static SingleUseKind GoodwillPosted => s_goodwillPosted;
    }

    public static Module Module { get; } = new("Operations")
    {
        Declares =
        [
            Schema.Of(typeof(OperationsModule)),
            PersonalTable.NotExported("correction_leg", "what operators proposed; what was posted of it stands in the member's movements")
                .Kept("what operators proposed, by a number: as long as the books are kept"),
            PersonalTable.NotExported("correction", "its entry and reason stand in the member's history")
                .Kept("sealed with its entry in the books, and names no member: as long as the books are kept"),
            IdPrefix.Of<ProposalId>(), IdPrefix.Of<GoodwillId>(),
            PersonalTable.NotExported("goodwill_proposal", "what operators proposed; what was given of it is among the goodwill")
                .Kept("what operators proposed, by a number: as long as the books are kept"),
            PersonalTable.Exported("goodwill", "goodwill", "member_id = @member order by entry_id desc")
                .Id<EntryId>("entry_id", "entryId").Number("points").Number("last_day").Text("reason")
                .Without("proposal_id", "member_id", "proposed_by", "approved_by")
                .Kept("sealed with its entry in the books: as long as the books are kept"),
            Thaw.Purpose,
            LeaveProgramme.Purpose, ExportMember.Purpose,
            Leaving.MoneyLeft, Leaving.ChargePending, Leaving.Frozen,
            RecordsKey.Setting,
            PersonalTable.NotExported("former_member", "that a member has left, and what the law wants kept of them, sealed")
                .Kept("dates by a number, and a record that no node can read: the record for seven years"),
            Job.Of<FormerMembers>("former members", "what was under way when a member left is erased, and records go after seven years",
                TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(10), (former, ct) => former.Run(ct)),
            LookUpMembers.MostSearches,
            LookUpMembers.MostViews,
            s_correction, s_leaving, s_goodwill,
            s_posted, s_goodwillPosted,
            CorrectionRow.Check, GoodwillRow.Check,
            .. LeavingChecks.All,
            Job.Of<CloseDays>(Expire.JobName, "pending points are released, points lapse and days get their root", TimeSpan.FromSeconds(15), TimeSpan.FromHours(1),
                (days, ct) => days.Run(ct)),
        ],
        Services = services => services
            .AddSingleton<MakePointUse>()
            .AddSingleton<CloseDays>()
            .AddSingleton<ReleasePoints>()
            .AddSingleton<ProposeCorrection>()
            .AddSingleton<ApproveCorrection>()
            .AddSingleton<WithdrawCorrection>()
            .AddSingleton<ProposeGoodwill>()
            .AddSingleton<ApproveGoodwill>()
            .AddSingleton<WithdrawGoodwill>()
            .AddSingleton<DryRunCampaign>()
            .AddSingleton<Restrict>()
            .AddSingleton<LiftRestriction>()
            .AddSingleton<Thaw>()
            .AddSingleton<UndoMailChange>()
            .AddSingleton<ExportMember>()
            .AddSingleton(p => new RecordsKey(p.GetRequiredService<SettingValues>().Text(RecordsKey.Setting)))
            .AddSingleton<Leaving>()
            .AddSingleton<LeaveProgramme>()
            .AddSingleton<FormerMembers>()
            .AddSingleton<OpenRecord>()
            .AddSingleton<OperationsMeter>()
            .AddSingleton<LookUpMembers>()
            .AddSingleton<OperatorFreeze>()
            .AddSingleton<ThrowOut>()
            .AddSingleton<RecoveryChecks>()
            .AddSingleton<ProposeRecovery>()
            .AddSingleton<ApproveRecovery>()
            .AddSingleton<WithdrawRecovery>()
            .AddSingleton<Verify>(),
    };
}
