using Actors.Host.Running;

namespace Actors.Host.Verification;

/// <summary>Compares what a read phase brought with what the files must hold.</summary>
internal static class ReadVerification
{
    /// <summary>The first file that was read wrongly, in words; null when all were right.</summary>
    public static string? FirstWrong(PhasePlan plan, PhaseOutcome outcome)
    {
        foreach (var file in outcome.Files)
        {
            var units = plan.Content.Units;
            var length = plan.Content.Length(file.File);
            if (file.Units != units || file.Bytes != length)
            {
                return $"{plan.FileNames.NameOf(file.File)}: read {file.Units} {plan.Content.UnitName}s, " +
                    $"{file.Bytes} bytes; expected {units}, {length} bytes";
            }

            if (file.Digest != plan.Content.Digest(file.File))
            {
                return $"{plan.FileNames.NameOf(file.File)}: what was read is not what the file must hold";
            }
        }

        return null;
    }
}
