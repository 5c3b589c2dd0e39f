namespace Actors.Samples.Tests;

/// <summary>What a sample came to.</summary>
internal sealed record SampleResult(int ExitCode, string Output, string Error)
{
    /// <summary>One line that says what is wrong, and no stack trace.</summary>
    public void IsError(int exitCode, string text)
    {
        Assert.True(ExitCode == exitCode, ToString());
        Assert.Contains(text, Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
    }

    public void IsDone() => Assert.True(ExitCode == 0 && Error.Length == 0, ToString());

    public override string ToString() => $"exit {ExitCode}\n--- output\n{Output}\n--- error\n{Error}";
}
