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

    extension(EntryKind)
    {
        /// <summary>Two operators set right what an earlier entry did; it names that entry.</summary>
        public static EntryKind Correction => s_correction;
    }

    extension(SingleUseKind)
    {
        /// <summary>A proposed correction was posted. Subject: the proposal.</summary>
        public static SingleUseKind CorrectionPosted => s_posted;
    }

    public static Module Module { get; } = new("Operations")
    {
        Declares =
        [
            Schema.Of(typeof(OperationsModule)),
            PersonalTable.Left("correction_leg", "what operators proposed; what was posted of it stands in the member's movements"),
            PersonalTable.Left("correction", "its entry and reason stand in the member's history"),
            IdPrefix.Of<ProposalId>(),
            Thaw.Purpose,
            LookUpMembers.MostSearches,
            s_correction,
            s_posted,
            CorrectionRow.Check,
            Job.Of<CloseDays>(Expire.JobName, "points lapse and days get their root", TimeSpan.FromSeconds(15), TimeSpan.FromHours(1),
                (days, ct) => days.Run(ct)),
        ],
        Services = services => services
            .AddSingleton<CloseDays>()
            .AddSingleton<ProposeCorrection>()
            .AddSingleton<ApproveCorrection>()
            .AddSingleton<WithdrawCorrection>()
            .AddSingleton<Restrict>()
            .AddSingleton<LiftRestriction>()
            .AddSingleton<Thaw>()
            .AddSingleton<UndoMailChange>()
            .AddSingleton<ExportMember>()
            .AddSingleton<OperationsMeter>()
            .AddSingleton<LookUpMembers>()
            .AddSingleton<OperatorFreeze>()
            .AddSingleton<Verify>(),
    };
}
