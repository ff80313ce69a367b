module lockstep/proxy

go 1.25
