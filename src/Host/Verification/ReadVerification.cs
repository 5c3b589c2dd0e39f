using Actors.Host.Content;
using Actors.Host.Running;

namespace Actors.Host.Verification;

/// <summary>Judges what a phase has read. Blocks have been looked at as they came; of lines there is a digest.</summary>
internal static class ReadVerification
{
    /// <summary>The first file that was read wrongly, in words; null when all were right.</summary>
    /// <param name="plan">The phase.</param>
    /// <param name="outcome">What its producers saw.</param>
    /// <param name="interrupted">Not everything had to be read.</param>
    public static string? FirstWrong(PhasePlan plan, PhaseOutcome outcome, bool interrupted)
    {
        foreach (var file in outcome.Files)
        {
            var wrong = file.Mistake ?? (interrupted || plan.TotalUnits is null ? null : Incomplete(plan, file));
            if (wrong is not null)
            {
                return $"{plan.FileNames.NameOf(file.File)}: {wrong}";
            }
        }

        return null;
    }

    private static string? Incomplete(PhasePlan plan, FileResult file)
    {
        var units = plan.Content.Units;
        var length = plan.Content.Length(file.File);
        return file.Units != units || file.Bytes != length
            ? $"read {file.Units} {plan.Content.UnitName}s, {file.Bytes} bytes; expected {units}, {length} bytes"
            : plan.Content is LineContent lines && file.Digest != lines.Digest(file.File)
                ? "what was read is not what the file must hold"
                : null;
    }
}
