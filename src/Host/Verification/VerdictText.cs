using Actors.Host.Reporting;

namespace Actors.Host.Verification;

/// <summary>Verdicts in words.</summary>
internal static class VerdictText
{
    /// <summary>One backend in one sentence, with the first file that is not as it must be.</summary>
    public static string Summary(BackendVerdict verdict)
    {
        var counts = new[]
        {
            (verdict.Partial, "partial"),
            (verdict.Different, "different"),
            (verdict.Missing, "missing"),
            (verdict.Unreadable, "unreadable"),
        };
        var others = string.Concat(counts.Where(c => c.Item1 > 0).Select(c => $", {Figures.Count(c.Item1)} {c.Item2}"));
        var text = $"{Figures.Count(verdict.Complete)} of {Figures.Count(verdict.Files)} files complete{others}; " +
            $"{Figures.Count(verdict.Units)} of {Figures.Count(verdict.UnitsExpected)} {verdict.Unit}s right";
        var first = verdict.Incomplete.FirstOrDefault(f => f.Status != FileStatus.Missing);
        return first is null ? text : $"{text}; {Describe(first, verdict.Unit)}";
    }

    /// <summary>One file in one sentence.</summary>
    public static string Describe(FileVerdict file, string unit)
    {
        var right = unit == "line"
            ? $"{Figures.Count(file.Units)} of {Figures.Count(file.UnitsExpected)} whole lines in order"
            : $"{Figures.Count(file.Units)} of {Figures.Count(file.UnitsExpected)} {unit}s right";
        var offset = Figures.Count(file.FirstDifference ?? 0);
        return file.Status switch
        {
            FileStatus.Complete => $"{file.File}: complete",
            FileStatus.Missing => $"{file.File}: missing",
            FileStatus.Unreadable => $"{file.File}: cannot be read: {file.Error}",
            FileStatus.Partial => $"{file.File}: partial, {right}, first byte that is not there at {offset}",
            _ when file.FirstDifference == file.LengthExpected =>
                $"{file.File}: different, {right}, {Figures.Count(file.Length - file.LengthExpected)} bytes too many",
            _ => $"{file.File}: different, {right}, first wrong byte at {offset}",
        };
    }
}
