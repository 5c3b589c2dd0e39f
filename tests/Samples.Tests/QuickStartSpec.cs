namespace Actors.Samples.Tests;

public sealed class QuickStartSpec
{
    [Fact]
    public async Task Writes_and_reads_back()
    {
        using var directory = new TemporaryDirectory();
        var result = await SampleProcess.RunAsync("QuickStart", directory["quick.log"]);
        result.IsDone();
        Assert.StartsWith("hello\nfrom ", result.Output);
        Assert.Equal(File.ReadAllText(directory["quick.log"]), result.Output);
    }
}
