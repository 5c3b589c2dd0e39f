namespace Actors.Samples.Tests;

public sealed class AiofileTwinsSpec
{
    [Fact]
    public async Task Every_example_does_what_its_twin_does()
    {
        var result = await SampleProcess.RunAsync("AiofileTwins");
        result.IsDone();
        Assert.Contains("Hello world\nfrom 11 to 33\nHello from\nasync world\n", result.Output);
        Assert.Contains("\nfirst\nsecond\nthird\n", result.Output);
        Assert.Contains("\ncopied 300000 bytes\n", result.Output);
        Assert.Contains("\nSHA512 ", result.Output);
        Assert.Contains("\n120 bytes, durable and as written\n", result.Output);
        Assert.Contains("\nHello \\0world\n", result.Output);
        Assert.Contains("\nHello World\\n\n\\n\nFrom async world\n", result.Output);
        Assert.Contains("\nname=Ada, born=1815\nname=Grace, born=1906\n", result.Output);
        Assert.Contains("\nwritten by thread-pool\n", result.Output);
        Assert.Contains("\n13 examples ran", result.Output);
    }
}
